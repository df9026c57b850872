import PawlModel

/// Holds a menu of GRUB, the one in force or one that was only just made, against what Pawl wants
/// of it: by what would be started, not by what the text looks like.
struct GrubMenuCheck {
  private let plain: GrubMenu
  private let once: GrubMenu
  private let paths: LoaderPaths

  /// `environment`: the environment block without `next_entry`.
  init(
    text: String, environment: [String: String], snippets: [TypeOneEntry], paths: LoaderPaths
  ) {
    plain = GrubMenu(text, environment: environment, snippets: snippets)
    once = GrubMenu(
      text, environment: environment.merging(["next_entry": PawlEntries.trialID]) { $1 },
      snippets: snippets)
    self.paths = paths
  }

  /// Throws `refused`, with the first thing that differs.
  func require(_ wanted: PawlEntries) throws(PawlError) {
    guard case .entry(let first)? = plain.items.first, first.id == PawlEntries.fallbackID else {
      throw Self.fault("its first entry is not \(PawlEntries.fallbackID)")
    }
    try same(first, wanted.fallback)
    guard plain.afterFailure?.id == PawlEntries.fallbackID else {
      throw Self.fault("what it starts when an entry cannot be loaded is not the fallback")
    }
    guard let chosen = plain.chosen else { throw Self.fault("it starts nothing by itself") }
    guard chosen.id == wanted.chosen.id else {
      throw Self.fault("it starts \(chosen.id) by itself, not \(wanted.chosen.id)")
    }
    try same(chosen, wanted.chosen)
    try requireTrial(wanted)
  }

  private func requireTrial(_ wanted: PawlEntries) throws(PawlError) {
    let present = plain.entries.first { $0.id == PawlEntries.trialID }
    guard let trial = wanted.trial else {
      guard present == nil else {
        throw Self.fault("it still has the entry \(PawlEntries.trialID)")
      }
      return
    }
    guard let started = once.chosen, started.id == PawlEntries.trialID else {
      throw Self.fault("it would not start \(PawlEntries.trialID) once")
    }
    try same(started, trial)
  }

  func requireNothingOfOurs() throws(PawlError) {
    guard !plain.entries.contains(where: { $0.id.hasPrefix("pawl-") }) else {
      throw Self.fault("it still has entries of Pawl's own")
    }
    guard plain.chosen?.image != nil else { throw Self.fault("it starts no kernel by itself") }
  }

  private func same(_ found: GrubMenu.Entry, _ wanted: BootEntry) throws(PawlError) {
    guard found.image.map(paths.onHost) == wanted.image else {
      throw Self.fault("\(wanted.id) starts \(found.image ?? "nothing"), not \(wanted.image)")
    }
    guard found.initrds.map(paths.onHost) == wanted.initrds else {
      throw Self.fault("\(wanted.id) has another initramfs than \(HostText.list(wanted.initrds))")
    }
    guard Self.words(found.commandLine) == Self.words(wanted.commandLine) else {
      throw Self.fault(
        "\(wanted.id) has the command line \"\(HostText.line(found.commandLine))\", not "
          + "\"\(HostText.line(wanted.commandLine))\"")
    }
  }

  private static func words(_ line: String) -> [Substring] { line.split(separator: " ") }

  private static func fault(_ what: String) -> PawlError {
    PawlError(
      .refused, "GRUB's menu is not as Pawl wants it: \(what).",
      hint: "Something changed it meanwhile. `pawl rollback` puts it back.")
  }
}

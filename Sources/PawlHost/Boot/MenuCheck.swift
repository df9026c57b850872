import PawlModel

/// Compares a boot menu, as it was read, with what Pawl wants of it.
struct MenuCheck {
  let loader: String
  let entries: [BootEntry]
  /// The id of the menu's first entry.
  let first: String?
  let chosen: BootEntry?
  let isStartable: (String) -> Bool

  /// Throws `refused`, with a sentence for everything that is not as wanted.
  func require(_ wanted: PawlEntries) throws {
    let faults = wanted.own.flatMap(faults(of:)) + trialFaults(wanted) + choiceFaults(wanted)
    guard faults.isEmpty else {
      throw PawlError(
        .refused, "The menu of \(loader) is not as Pawl wants it. " + faults.joined(separator: " "),
        hint: "Find out what changed it. Pawl makes it right when it writes the menu again.")
    }
  }

  /// A trial without its token could never be told from any other boot, and anything else than the
  /// trial that carries one would be taken for it.
  static func requireTokens(_ wanted: PawlEntries) throws {
    let own = wanted.token.map { ["pawl.trial=\($0)"] } ?? []
    for entry in wanted.own + [wanted.promoted].compactMap(\.self) {
      guard tokens(of: entry) == (entry.id == PawlEntries.trialID ? own : []) else {
        throw PawlError(
          .refused,
          "The command line of the entry \(entry.id) has not the tokens of a trial that "
            + "it is to have.", hint: "This is a fault of Pawl; nothing was written.")
      }
    }
  }

  private static func tokens(of entry: BootEntry) -> [String] {
    entry.commandLine.words().filter { $0.hasPrefix("pawl.trial=") }
  }

  private func faults(of wanted: BootEntry) -> [String] {
    guard let found = entries.first(where: { $0.id == wanted.id }) else {
      return ["The entry \(wanted.id) is missing."]
    }
    return differences(found, wanted)
      + wanted.files.filter { !isStartable($0) }.map {
        "The entry \(wanted.id) needs \($0), which is not there or empty."
      }
  }

  private func differences(_ found: BootEntry, _ wanted: BootEntry) -> [String] {
    var faults: [String] = []
    if found.image != wanted.image {
      faults.append("The entry \(wanted.id) starts \(found.image), not \(wanted.image).")
    }
    if found.initrds != wanted.initrds {
      let (is_, ought) = (names(found.initrds), names(wanted.initrds))
      faults.append("The entry \(wanted.id) loads \(is_) as initrd, not \(ought).")
    }
    if found.commandLine.words() != wanted.commandLine.words() {
      faults.append(
        "The entry \(wanted.id) has the command line \"\(found.commandLine)\", not "
          + "\"\(wanted.commandLine)\".")
    }
    return faults
  }

  private func trialFaults(_ wanted: PawlEntries) -> [String] {
    guard wanted.trial == nil, entries.contains(where: { $0.id == PawlEntries.trialID }) else {
      return []
    }
    return ["There is an entry \(PawlEntries.trialID), and no trial."]
  }

  private func choiceFaults(_ wanted: PawlEntries) -> [String] {
    var faults: [String] = []
    if first != PawlEntries.fallbackID {
      faults.append("The first entry is \(first ?? "none"), not \(PawlEntries.fallbackID).")
    }
    guard let chosen else {
      return faults + ["A boot that nobody interferes with starts none of the entries."]
    }
    if chosen.id != wanted.chosen.id {
      faults.append(
        "A boot that nobody interferes with starts \(chosen.id), not \(wanted.chosen.id).")
    } else if wanted.promoted != nil {
      faults += differences(chosen, wanted.chosen)
    }
    return faults
  }

  private func names(_ paths: [String]) -> String {
    paths.isEmpty ? "nothing" : paths.joined(separator: ", ")
  }
}

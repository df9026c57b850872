import PawlModel

/// Entries of kernels in files of their own, as GRUB of Fedora and RHEL reads them when it shows its menu:
/// `/boot/loader/entries/MACHINE-ID-RELEASE.conf`, by its command `blscfg`. It knows no counters of boots in
/// their names, and their values are words of its script. (rhboot: grub-core/commands/blsuki.c)
struct GrubSnippets {
  static let folder = "/boot/loader/entries"

  let root: HostRoot

  func read() throws(PawlError) -> [TypeOneEntry] {
    let listing = root.list(Self.folder)
    guard let names = listing.value else {
      guard let reason = listing.reason, root.exists(Self.folder) else { return [] }
      throw PawlError(
        .refused, "\(Self.folder) cannot be read: \(reason).",
        hint: "Is /boot mounted? Run Pawl as root.")
    }
    return names.sorted().compactMap { name in
      TypeOneEntry(fileName: name, text: root.text("\(Self.folder)/\(name)").value ?? "")
    }
  }

  static func path(of id: String) -> String { "\(folder)/\(id).conf" }

  /// In the order of the menu, the newest first.
  static func entries(in script: GrubScript) -> [GrubMenu.Entry] {
    script.snippets.filter { $0.image != nil }
      .sorted { VersionOrder.compare(id($0), id($1)) > 0 }
      .map { entry($0, in: script) }
  }

  private static func entry(_ snippet: TypeOneEntry, in script: GrubScript) -> GrubMenu.Entry {
    func words(_ values: [String]) -> [String] {
      values.map(script.expanded).flatMap { $0.split(separator: " ").map(String.init) }
    }
    let id = id(snippet)
    return GrubMenu.Entry(
      id: id, title: snippet.title ?? id, image: snippet.image.map(script.expanded),
      commandLine: words(snippet.options).joined(separator: " "), initrds: words(snippet.initrds),
      body: [], isUnrestricted: snippet.users.map(script.expanded)?.isEmpty ?? true)
  }

  private static func id(_ snippet: TypeOneEntry) -> String {
    String(snippet.fileName.dropLast(".conf".count))
  }
}

extension GrubLoader {
  /// kernel-install(8) with the plugin of GRUB: it writes the entry in place, has the initramfs made where
  /// there is none, and may make the new kernel the default (`GRUB_UPDATE_DEFAULT_KERNEL`), which is
  /// taken back here.
  func addSnippet(_ release: String, with tool: Tool) throws {
    if let entry = try model(of: release), isWhole(entry) { return }
    try requireNewerCommandLine()
    let image = root.path(KernelLayout.image(of: release))
    let saved = try savedEntry()
    try tool.run(["kernel-install", "add", release, image])
    try files.sync(fileSystemsOf: [root.path(GrubSnippets.folder), image])
    guard let entry = try model(of: release) else {
      throw PawlError(
        .stepFailed, "kernel-install ended well, but GRUB has no entry for \(release).",
        hint: "`kernel-install inspect` tells what it would do; look in \(GrubSnippets.folder).")
    }
    try setSavedEntry(saved, with: tool)
    guard isWhole(entry) else {
      throw PawlError(
        .stepFailed, "The entry \(entry.id) names a file that is not there or empty.",
        hint: "Is the initramfs of \(release) in /boot? dracut --kver \(release) makes it.")
    }
    try NewKernelEntry.requirePlain(entry.commandLine, of: entry.id)
  }

  /// Only the entry: `kernel-install remove` would delete the kernel's files in /boot as well, and those
  /// are put back to what they were by the steps that wrote them.
  func removeSnippet(_ release: String, with tool: Tool) throws {
    guard let entry = try model(of: release) else { return }
    let place = root.path(GrubSnippets.path(of: entry.id))
    try files.remove(at: place, expecting: files.state(at: place), as: LiveHost.ownIdentity())
    try files.sync(fileSystemsOf: [root.path(GrubSnippets.folder)])
    // A cut before it was taken back: what a plain boot started then is what is known to boot.
    guard try savedEntry() == entry.id else { return }
    let fallback = try EntriesFile(root: root, files: files).read()?.fallbackRelease
    try setSavedEntry(try fallback.flatMap { try model(of: $0)?.id }, with: tool)
  }

  private func isWhole(_ entry: GrubMenu.Entry) -> Bool {
    guard let image = entry.image, !entry.commandLine.isEmpty, !entry.initrds.isEmpty else {
      return false
    }
    return ([image] + entry.initrds).allSatisfy {
      LiveHost.size(of: root.path(paths.onHost($0))) ?? 0 > 0
    }
  }

  private func savedEntry() throws -> String? { try environment().values["saved_entry"] }

  private func setSavedEntry(_ wanted: String?, with tool: Tool) throws {
    guard try savedEntry() != wanted else { return }
    let words = wanted.map { ["set", "saved_entry=\($0)"] } ?? ["unset", "saved_entry"]
    try editEnvironment(words, with: tool)
  }

  /// The plugin would make the whole menu anew, in place, where /etc/default/grub is newer than the command
  /// line that was made from it: a cut in the middle leaves a menu that starts nothing.
  private func requireNewerCommandLine() throws {
    let (made, from) = ("/etc/kernel/cmdline", "/etc/default/grub")
    guard let line = modified(made), let source = modified(from), line < source else { return }
    throw PawlError(
      .refused,
      "\(from) was changed after \(made) was made from it: installing a kernel would rewrite "
        + "\(layout.menu) in place.",
      hint: "Make both anew first: \(layout.remake) --update-bls-cmdline")
  }

  private func modified(_ path: String) -> Int64? {
    guard case .file(let metadata, _, _)? = try? files.state(at: root.path(path)) else {
      return nil
    }
    return metadata.modifiedNanos
  }
}

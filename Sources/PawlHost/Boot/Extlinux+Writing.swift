import PawlModel

extension Extlinux {
  public func write(_ wanted: PawlEntries?, with tool: Tool) throws {
    if wanted?.trial == nil { try forgetOnce(PawlEntries.trialID, tool) }
    var (file, _, state) = try readFile()
    if let wanted {
      try MenuCheck.requireTokens(wanted)
      file.entries = try wanted.own.flatMap(lines(of:))
      file.choice = try choiceLines(wanted.chosen.id, in: file)
    } else {
      (file.entries, file.choice) = ([], [])
    }
    try publish(file, replacing: state)
    if let wanted { return try verify(wanted) }
    guard try readFile().file.entries.isEmpty else {
      throw PawlError(.stepFailed, "Pawl's entries are still in \(place.config).")
    }
  }

  /// What is to be started once and is not there any more leaves the loader at its prompt.
  private func forgetOnce(_ id: String, _ tool: Tool) throws {
    guard try auxiliaryData()?.onceCommand?.words().first == id else { return }
    try clearOneShot(with: tool)
  }

  public func verify(_ wanted: PawlEntries) throws {
    let config = try config()
    try MenuCheck(
      loader: name, entries: entries(), first: config.first?.name, chosen: plainChoice(),
      isStartable: files.isStartable
    ).require(wanted)
    try requireFragment()
    guard config.timeout > 0 else {
      throw PawlError(
        .refused,
        "A kernel that cannot be loaded would leave extlinux at its prompt for ever: "
          + "\(place.config) has no TIMEOUT.", hint: "Pawl adds one when it writes the menu again.")
    }
  }

  private func publish(_ file: ExtlinuxFile, replacing state: FileState) throws {
    let bytes = file.bytes
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.allSatisfy({ $0.count < Self.longestLine }) else {
      throw PawlError(
        .refused,
        "A line of \(place.config) would be longer than the \(Self.longestLine) bytes that "
          + "extlinux reads of it.", hint: "Shorten the kernel's command line.")
    }
    // What is taken away would come back by the generator, and what is put in is in force only with the menu.
    if file.entries.isEmpty { try layFragment(file) }
    try files.put(bytes, at: place.config, replacing: state)
    try files.sync(place.config)
    if !file.entries.isEmpty { try layFragment(file) }
  }

  private static let longestLine = 4095

  private func lines(of entry: BootEntry) throws -> [String] {
    let volume = try place.volume()
    let paths = try entry.files.map(volume.inLoader)
    for path in paths where path.contains(where: { $0.isWhitespace || $0 == "," }) {
      throw PawlError(
        .refused, "extlinux cannot be told the path \(path): it has a space or a comma.")
    }
    let line = entry.commandLine.words().joined(separator: " ")
    let initrds = paths.dropFirst().joined(separator: ",")
    return [
      "LABEL \(entry.id)", "  MENU LABEL \(HostText.line(entry.title))", "  LINUX \(paths[0])",
    ]
      + (initrds.isEmpty ? [] : ["  INITRD \(initrds)"])
      + ["  APPEND \(line.isEmpty ? "-" : line)"]
  }

  /// The choice, a menu if there was one, and a time limit: extlinux stays at its prompt where a
  /// kernel cannot be loaded, and without a limit it stays there for ever.
  private func choiceLines(_ id: String, in file: ExtlinuxFile) throws -> [String] {
    let before = try config(file.originalText)
    var lines = ["DEFAULT \(id)"]
    if let program = before.defaultMenuProgram { lines.append("UI \(program)") }
    if before.timeout == 0 { lines.append("TIMEOUT 100") }
    return lines
  }

  // MARK: - Kernels

  /// Nothing makes the menu on Debian 12, and what makes it on Alpine takes the menu away for a moment: the entry
  /// is modelled on that of the running kernel.
  public func addKernel(_ release: String, with tool: Tool) throws {
    if try distributionEntry(of: release) != nil { return }
    let image = KernelLayout.image(of: release)
    guard files.isStartable(image) else {
      throw PawlError(
        .refused, "\(image) is not there, or empty.", hint: "Install the kernel \(release) first.")
    }
    let initrd = KernelLayout.initramfs(of: release, below: root)
    var (file, text, state) = try readFile()
    let taken = try config(text).label(release) != nil
    let entry = BootEntry(
      id: taken ? "linux-\(release)" : release, title: "Linux \(release)", image: image,
      initrds: root.exists(initrd) ? [initrd] : [], commandLine: try runningCommandLine())
    file.kernels.removeAll { $0.release == release }
    file.kernels.append((release, try lines(of: entry)))
    try publish(file, replacing: state)
    guard let found = try distributionEntry(of: release), found.initrds == entry.initrds else {
      throw PawlError(
        .stepFailed, "\(place.config) was written, but extlinux has no entry for \(release).",
        hint: "Does another entry carry the label \(entry.id)?")
    }
  }

  /// An entry that Alpine's generator made meanwhile goes when it runs again.
  public func removeKernel(_ release: String, with tool: Tool) throws {
    var (file, _, state) = try readFile()
    guard file.kernels.contains(where: { $0.release == release }) else { return }
    for id in [release, "linux-\(release)"] { try forgetOnce(id, tool) }
    file.kernels.removeAll { $0.release == release }
    try publish(file, replacing: state)
  }

  /// As the entry has it that started this boot: that of the running release, or one whose image
  /// the loader named to the kernel.
  private func runningCommandLine() throws -> String {
    let release = root.line("/proc/sys/kernel/osrelease").value ?? ""
    let booted = root.line("/proc/cmdline").value?.words().first { $0.hasPrefix("BOOT_IMAGE=") }
    let volume = try place.volume()
    let image = booted.flatMap {
      volume.inSystem(place.absolute(String($0.dropFirst("BOOT_IMAGE=".count)), on: volume))
    }
    let model = try distributionEntry(of: release) ?? entries().first { $0.image == image }
    guard let model = try model ?? plainChoice() else {
      throw PawlError(
        .refused,
        "\(place.config) has no entry of the running kernel, on which that of a new one "
          + "could be modelled.", hint: "Write one, then try again.")
    }
    let isTrial = model.commandLine.words().contains { $0.hasPrefix("pawl.trial=") }
    return isTrial ? TrialArguments.stripped(from: model.commandLine) : model.commandLine
  }
}

import PawlModel

/// The three changes of a boot menu that a new kernel takes: the running one pinned, the new one
/// added for a trial, the new one promoted. Each writes down what is wanted of the menu, then makes
/// it so; done again after a crash, it ends in the same place.
public struct MenuChange {
  private let root: HostRoot
  private let loader: any BootLoader
  private let tool: Tool
  private let file: EntriesFile
  private let files: any HostFiles
  private let copies: FallbackCopy

  public init(
    root: HostRoot, loader: any BootLoader, files: any HostFiles, facts: any HostFacts, tool: Tool
  ) {
    self.root = root
    self.loader = loader
    self.tool = tool
    self.files = files
    file = EntriesFile(root: root, files: files)
    copies = FallbackCopy(root: root, files: files, facts: facts, loader: loader)
  }

  // MARK: - Pin

  /// `isProven`: that the kernel on disk is the one that booted was so when the plan was approved.
  public func pin(_ running: BootIdentity, isProven: Bool) throws {
    try requireProof(running.release, isProven)
    let earlier = try file.read()
    if let trial = earlier?.trial {
      throw PawlError(
        .refused, "\(trial.title) is already to be tried on this host, by another plan.",
        hint: "End that plan first: pawl status")
    }
    let wanted = try copies.make(of: running)
    try file.write(wanted)
    try loader.write(wanted, with: tool)
    try copies.removeUnneeded(keeping: [wanted] + [earlier].compactMap(\.self))
    print("\(loader.name) starts \(wanted.fallback.title) by itself.")
  }

  private func requireProof(_ release: String, _ wasProven: Bool) throws {
    let doubts = FallbackProof(root: root).doubts(about: release, loader: loader)
    guard !doubts.isEmpty else { return }
    doubts.forEach { print($0) }
    guard wasProven else { return }
    throw PawlError(
      .refused, "\(release) is not proven to boot any more: \(doubts.joined(separator: " "))",
      hint: "Restart with it, or plan again: the plan then says so, with a higher risk.")
  }

  public func isPinned(_ release: String) throws -> Bool {
    guard let own = try file.read(), own.fallbackRelease == release,
      own.promoted == nil
    else { return false }
    try loader.verify(own)
    try requireUnchanged(own)
    return true
  }

  // MARK: - Try

  /// - Parameter initramfs: to be tried in place of the one that the kernel's own entry names.
  public func addTrial(
    of release: String, token: String, initramfs: String? = nil
  ) throws {
    var wanted = try pinned()
    try loader.addKernel(release, with: tool)
    guard var entry = try loader.distributionEntry(of: release) else {
      throw PawlError(
        .stepFailed, "The menu of \(loader.name) has no entry for \(release).",
        hint: "Is \(KernelLayout.image(of: release)) there?")
    }
    if let initramfs { entry.initrds = entry.initrds.dropLast() + [initramfs] }
    try requireRelease(release, of: entry.image)
    // What runs, runs: it is signed, or need not be.
    if release != wanted.fallbackRelease { try NewKernelObstacles(root: root).require(release) }
    guard !entry.initrds.isEmpty || wanted.fallback.initrds.isEmpty else {
      throw PawlError(
        .stepFailed, "The entry of \(release) has no initramfs, and this host starts with one.",
        hint: "Was it made? Look for \(KernelLayout.initramfs(of: release, below: root)).")
    }
    wanted.trial = BootEntry(
      id: PawlEntries.trialID, title: "Pawl: Linux \(release), on trial", image: entry.image,
      initrds: entry.initrds,
      commandLine: TrialArguments.appended(to: entry.commandLine, token: token))
    wanted.token = token
    wanted.releases[PawlEntries.trialID] = release
    for path in entry.files { wanted.files[path] = try digest(path) }
    try file.write(wanted)
    try loader.write(wanted, with: tool)
    print("\(loader.name) can start \(release) once; by itself it starts \(wanted.fallback.title).")
  }

  public func hasTrial(of release: String, token: String) throws -> Bool {
    guard let own = try file.read(), own.token == token, own.trial != nil else { return false }
    try loader.verify(own)
    try requireUnchanged(own)
    return true
  }

  private func requireRelease(_ release: String, of image: String) throws {
    guard let found = KernelImage.identity(image, root: root).value else { return }
    guard found.release == release else {
      throw PawlError(
        .stepFailed, "\(image) calls itself \(found.release), not \(release).",
        hint: "Something replaced it since it was installed. Roll back, and plan again.")
    }
  }

  // MARK: - Promote

  /// What was tried is what is promoted: the same image and initramfs, byte for byte, and the same
  /// command line without what only a trial has.
  public func promote(_ release: String) throws {
    var wanted = try pinned()
    if wanted.promoted == nil {
      guard let trial = wanted.trial else {
        throw PawlError(
          .refused, "No kernel was on trial here, so that none can be promoted.",
          hint: "pawl status says where the plan stands.")
      }
      let promoted = try entryToPromote(release, trial)
      wanted.promoted = promoted
      wanted.releases[promoted.id] = release
      try requireUnchanged(wanted)
      wanted.trial = nil
      wanted.token = nil
      try file.write(wanted)
    }
    try loader.write(wanted, with: tool)
    print("\(loader.name) starts \(release) by itself from now on.")
  }

  private func entryToPromote(_ release: String, _ trial: BootEntry) throws -> BootEntry {
    guard let entry = try loader.distributionEntry(of: release) else {
      throw Self.another("the menu has no entry of its own for \(release) any more")
    }
    // An initramfs that was tried beside the kernel's own has taken its place: the bytes count.
    let (now, tried) = (try entry.files.map(digest), try trial.files.map(digest))
    guard entry.image == trial.image, now == tried else {
      throw Self.another("the entry of \(release) starts other files now")
    }
    let words = { (line: String) in
      TrialArguments.stripped(from: line).split(separator: " ")
    }
    guard words(entry.commandLine) == words(trial.commandLine) else {
      throw Self.another("the command line of \(release) is another now")
    }
    return entry
  }

  private static func another(_ what: String) -> PawlError {
    PawlError(
      .refused, "What was tried is not what would be promoted: \(what).",
      hint: "The old kernel stays the default. Roll back and plan again, for a new trial.")
  }

  public func isPromoted(_ release: String) throws -> Bool {
    guard let own = try file.read(), own.promotedRelease == release
    else { return false }
    try loader.verify(own)
    return true
  }

  // MARK: - Hold

  /// Until promotion, somebody's packages may have made the menu anew. Where it is not as wanted any
  /// more, it is written again and read back; the sentence says what was wrong. nil where nothing was.
  /// Nothing is written where the way back cannot be made what it was: a menu that starts something is
  /// kept before one that starts nothing.
  public func hold() throws -> String? {
    guard var wanted = try file.read(), wanted.promoted == nil else { return nil }
    do {
      try loader.verify(wanted)
      return nil
    } catch let fault as PawlError where fault.code == .refused {
      try copies.restore(wanted)
      while true {
        try loader.write(wanted, with: tool)
        // A runner at work meanwhile may have wanted something else, and was overwritten just now.
        guard let now = try file.read() else {
          try loader.write(nil, with: tool)
          return fault.message
        }
        guard now != wanted else { break }
        wanted = now
      }
      try loader.verify(wanted)
      return fault.message
    }
  }

  // MARK: - Undo

  /// Makes the loader agree with what `entries.json` says now; `without`: a kernel whose own entry
  /// goes too.
  public func apply(without release: String?) throws {
    let wanted = try file.read()
    try loader.clearOneShotOfOurs(with: tool)
    if wanted == nil, let release, !release.isEmpty {
      // Somebody took the file away while the new kernel is still installed: the pin stays in the
      // menu until its own step is undone, or a plain boot would start what was never tried.
      return try loader.removeKernel(release, with: tool)
    }
    do {
      try wanted.map(copies.restore)
    } catch let fault as PawlError {
      return try withdraw(without: release, because: fault)
    }
    try loader.write(wanted, with: tool)
    if let release { try loader.removeKernel(release, with: tool) }
    try copies.removeUnneeded(keeping: [wanted].compactMap(\.self))
    print("\(loader.name) has its menu as it was.")
  }

  /// A pin that starts nothing would stop the undo half way, and hold nobody. The new kernel goes
  /// first: without the pin, its entry may be what a plain boot starts.
  private func withdraw(without release: String?, because fault: PawlError) throws {
    print(fault.message)
    if let release { try loader.removeKernel(release, with: tool) }
    try loader.write(nil, with: tool)
    print("\(loader.name) has its menu as it was, without Pawl's own entries.")
  }

  // MARK: - Support

  private func pinned() throws -> PawlEntries {
    guard let own = try file.read() else {
      throw PawlError(
        .refused, "No kernel is kept as the way back: \(PawlEntries.path) is not there.",
        hint: "Something removed it. Roll the plan back and plan again.")
    }
    return own
  }

  /// Throws where an image or an initramfs is not what it was when its entry was made.
  func requireUnchanged(_ own: PawlEntries) throws {
    for (path, expected) in own.files.sorted(by: { $0.key < $1.key }) {
      let found = try files.state(at: root.path(path))
      guard found.digest == expected else {
        throw PawlError(
          .refused,
          "\(path) is \(found == .absent ? "no longer there" : "not what it was when its entry was made").",
          hint: "Something changed it meanwhile. Roll the plan back and plan again.")
      }
    }
  }

  private func digest(_ path: String) throws -> Digest {
    guard let digest = try files.state(at: root.path(path)).digest else {
      throw PawlError(.stepFailed, "\(path) is not there, and the menu names it.")
    }
    return digest
  }
}

extension BootLoader {
  /// Another program's one-shot is not Pawl's to clear.
  func clearOneShotOfOurs(with tool: Tool) throws {
    guard try oneShot() == PawlEntries.trialID else { return }
    try clearOneShot(with: tool)
  }
}

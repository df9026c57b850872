import PawlModel

/// A trial under WSL. `.wslconfig` names the new kernel when Windows is told to end WSL, and the boot
/// hook takes that back as soon as the new kernel has come up: from then on the next start takes the old one,
/// until the new one is promoted. Only a kernel that does not come up at all leaves it standing; for that there
/// is a script on the side of Windows.
struct WSLTrial: TrialArming {
  let terms: WSLTerms
  let files: any HostFiles
  let side: WindowsSide
  let root: HostRoot
  /// How Linux sees a path of Windows, by WSL's own word; nil where that cannot be asked.
  let wslpath: (String) -> String?

  static func live(_ terms: WSLTerms, host: LiveHost) -> WSLTrial {
    let output = ToolOutput.live(processes: host)
    return WSLTrial(
      terms: terms, files: host, side: .detect(root: .live), root: .live,
      wslpath: { output.text(["wslpath", "-u", $0]).value?.trimmingWhitespace() })
  }

  func ready(_ trial: TrialTerms, release: String) throws -> ReadyTrial {
    let present = try settings()
    guard try present == before() || isArmed(present, trial.token) else {
      throw PawlError(
        .refused, "\(terms.settings) is not what it was when the plan was approved.",
        hint: "Somebody changed it meanwhile. Roll the plan back and plan again.")
    }
    let places = try requireFiles()
    let expected = try identity(of: places, release)
    let old = try WSLKernelSettings(try before())
    return ReadyTrial(
      expected: expected,
      trial: entry(
        trial.trialEntry, terms.kernel, terms.modulesDisk, "pawl.trial=\(trial.token)"),
      fallback: entry(
        trial.fallbackEntry, old.kernel ?? "WSL's own kernel", old.modulesDisk,
        old.commandLine ?? ""),
      files: try digests(of: places))
  }

  /// What survives a power cut: the old settings or the new ones. Repeating it is safe.
  func arm(_ trial: TrialTerms) throws {
    let present = try settings()
    if isArmed(present, trial.token) { return }
    try write(try armed(try before(), trial.token), over: present)
    guard try WSLKernelSettings(try settings()).carries(trial.token) else {
      throw PawlError(
        .stepFailed, "\(terms.settings) does not hold what was just written to it.",
        hint: "Look at it, then approve the restart again.")
    }
  }

  /// Byte for byte what it was, where nobody else changed it meanwhile; else key by key.
  func disarm(_ trial: TrialTerms) throws {
    let present = try settings()
    let now = try WSLKernelSettings(present)
    guard now.carries(trial.token) else { return }
    if isArmed(present, trial.token) { return try write(try before(), over: present) }
    let old = try WSLKernelSettings(try? before())
    try write(try now.leaving(old).written(into: present), over: present)
  }

  /// Nothing tells whether WSL took it: where the old kernel runs, the trial counts as failed.
  func trace(of trial: TrialTerms, recorded: Bool) -> LoaderTrace {
    LoaderTrace(oneShot: .unknown, tried: .unknown, oneShotWasRecorded: recorded)
  }

  // MARK: - Promotion

  /// Names the kernel for good. Repeating it is safe.
  func promote() throws {
    let present = try settings()
    let wanted = try WSLKernelSettings(present).keeping(terms).written(into: present)
    _ = try requireFiles()
    if wanted != present { try write(wanted, over: present) }
    guard try isPromoted() else {
      throw PawlError(
        .stepFailed, "\(terms.settings) does not hold what was just written to it.",
        hint: "Look at it, then run `pawl resume`.")
    }
  }

  func isPromoted() throws -> Bool {
    let now = try WSLKernelSettings(try settings())
    return now == now.keeping(terms)
  }

  // MARK: - What the new kernel needs

  /// By the image's own words, where it has any.
  private func identity(of places: [String], _ release: String) throws -> KernelIdentity {
    guard let found = places.first.flatMap({ KernelImage.identity($0, root: root).value }) else {
      return KernelIdentity(release: release, version: nil, buildID: nil)
    }
    guard found.release == release else {
      throw PawlError(
        .refused, "\(terms.kernel) calls itself \(found.release), not \(release).",
        hint: "Something replaced it. Roll the plan back and plan again.")
    }
    return found
  }

  /// Where the kernel and the disk of its modules are seen from here, in this order. WSL does not start at
  /// all where a file that `.wslconfig` names is missing.
  private func requireFiles() throws -> [String] {
    try [terms.kernel, terms.modulesDisk].compactMap(\.self).map { text in
      guard let path = WindowsPath(text), let place = side.place(of: path) else {
        throw PawlError(
          .refused, "\(text) is on a drive of Windows that is not mounted here.",
          hint: "Mount it, then approve the restart again.")
      }
      guard root.kind(place).value == .file else {
        throw PawlError(
          .refused, "\(text) is not there: WSL would not start at all.",
          hint: "Roll the plan back and plan again.")
      }
      if let said = wslpath(text), said != root.path(place) {
        throw PawlError(
          .refused, "\(text) is \(said) by wslpath, and was written to \(root.path(place)).",
          hint: "Which of them WSL would start is not known. Look at the mounts of drives.")
      }
      return place
    }
  }

  private func digests(of places: [String]) throws -> [String: Digest] {
    var digests: [String: Digest] = [:]
    for place in places { digests[place] = try files.state(at: root.path(place)).digest }
    return digests
  }

  private func entry(
    _ id: String, _ kernel: String, _ disk: String?, _ commandLine: String
  ) -> BootEntry {
    BootEntry(
      id: id, title: "WSL with \(kernel)", image: kernel, initrds: disk.map { [$0] } ?? [],
      commandLine: commandLine)
  }

  // MARK: - The file

  private func settings() throws -> [UInt8]? { try bytes(at: terms.settings) }

  private func before() throws -> [UInt8]? {
    guard let copy = terms.before else { return nil }
    guard let bytes = try bytes(at: copy) else {
      throw PawlError(
        .needsPerson, "\(copy), the copy of your settings of before, is gone.",
        hint: "`pawl history backups` has them.")
    }
    return bytes
  }

  private func isArmed(_ present: [UInt8]?, _ token: String) -> Bool {
    guard let wanted = try? armed(try before(), token) else { return false }
    return present == wanted
  }

  private func armed(_ before: [UInt8]?, _ token: String) throws -> [UInt8] {
    try WSLKernelSettings(before).trying(terms, token: token).written(into: before)
  }

  private func bytes(at path: String) throws -> [UInt8]? {
    guard try files.state(at: path) != .absent else { return nil }
    var bytes: [UInt8] = []
    _ = try files.read(at: path, as: LiveHost.ownIdentity()) { bytes += $0 }
    return bytes
  }

  /// nil: the file goes.
  private func write(_ bytes: [UInt8]?, over present: [UInt8]?) throws {
    let me = LiveHost.ownIdentity()
    let state = try files.state(at: terms.settings)
    guard state.digest == present.map({ SHA256.hash($0) }) else {
      throw PawlError(
        .needsPerson, "\(terms.settings) changed while it was looked at.",
        hint: "Look at it, then run `pawl resume`.")
    }
    guard let bytes else {
      return try files.remove(at: terms.settings, expecting: state, as: me)
    }
    _ = try files.publish(
      at: terms.settings, metadata: nil, mode: nil, replacing: state, as: me
    ) { try $0(bytes) }
  }
}

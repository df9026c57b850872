import PawlModel

/// extlinux on a BIOS machine, as on Debian 12: one configuration file that nothing generates, and a
/// few bytes at the end of `ldlinux.sys` for what is started once. Ids are labels.
public struct Extlinux: BootLoader {
  public let name = "extlinux"
  let files: BootFiles

  var root: HostRoot { files.root }

  public init(root: HostRoot, files: any HostFiles, identity: Identity = .root) {
    self.files = BootFiles(root: root, files: files, identity: identity)
  }

  /// Whether it is what this host is set up to boot by, as far as files tell.
  public static func isInstalled(root: HostRoot) -> Bool {
    let place = ExtlinuxPlace(root: root)
    return root.exists(place.loader) && root.exists(place.config)
      && !root.exists("/sys/firmware/efi")
  }

  public var copiesFolder: String { "/boot/pawl" }
  public var changedFiles: [String] { [place.config] + [place.fragment].compactMap(\.self) }

  /// Alpine's generator takes everything below /boot that is called `vmlinuz-…` for a kernel to list.
  public func copyName(of name: String) -> String {
    guard place.hasGenerator, name.hasPrefix("vmlinuz-") else { return name }
    return "kernel-" + name.dropFirst("vmlinuz-".count)
  }

  public func triedToken() -> Reading<String> {
    .unreadable("extlinux forgets what it starts once, and writes down nothing else")
  }

  // MARK: - The menu

  var place: ExtlinuxPlace { ExtlinuxPlace(root: root) }

  /// The file as it stands, with its state for replacing it.
  func readFile() throws -> (file: ExtlinuxFile, text: String, state: FileState) {
    guard let (bytes, state) = try files.read(place.config) else {
      throw PawlError(
        .refused,
        "There is no \(place.config): this host does not boot by extlinux as Debian sets it "
          + "up.", hint: "Write one with the entry of the running kernel first.")
    }
    return (try ExtlinuxFile(bytes), String(decoding: bytes, as: UTF8.self), state)
  }

  func config(_ text: String) throws -> ExtlinuxConfig {
    let volume = try place.volume()
    return ExtlinuxConfig(text) { name in
      volume.inSystem(place.absolute(name, on: volume)).flatMap { root.text($0).value }
    }
  }

  func config() throws -> ExtlinuxConfig { try config(readFile().text) }

  func entry(_ label: ExtlinuxConfig.Label, extra: String = "", on volume: LoaderVolume)
    -> BootEntry
  {
    let path = { (name: String) in
      let absolute = place.absolute(name, on: volume)
      return volume.inSystem(absolute) ?? absolute
    }
    let line = extra.isEmpty ? label.commandLine : "\(label.commandLine) \(extra)"
    return BootEntry(
      id: label.name, title: label.title ?? label.name, image: path(label.image),
      initrds: label.initrds.map(path), commandLine: line)
  }

  /// Those that start a kernel.
  public func entries() throws -> [BootEntry] {
    let volume = try place.volume()
    return try config().labels.filter { ["kernel", "linux"].contains($0.kind) && !$0.isDisabled }
      .map { entry($0, on: volume) }
  }

  public func plainChoice() throws -> BootEntry? {
    let volume = try place.volume()
    return try config().chosen(saved: auxiliaryData()?.savedLabel).map {
      entry($0.label, extra: $0.extra, on: volume)
    }
  }

  public func distributionEntry(of release: String) throws -> BootEntry? {
    let own = [PawlEntries.fallbackID, PawlEntries.trialID]
    let images = KernelLayout.names(of: release, root: root).map(KernelLayout.image)
    let found = try entries().filter { !own.contains($0.id) && images.contains($0.image) }
    // A recovery entry starts the same image.
    return found.first { !$0.commandLine.words().contains { ["single", "recovery"].contains($0) } }
  }

  // MARK: - Once

  /// nil where the loader would take it for empty.
  func auxiliaryData() throws -> ExtlinuxADV? {
    switch root.read(place.loader) {
    case .present(let bytes): return ExtlinuxADV(endOf: bytes)
    case .absent:
      throw PawlError(
        .refused, "\(place.loader) is not there: extlinux is not installed in \(place.folder).",
        hint: "extlinux --install \(place.folder)")
    case .unreadable(let reason):
      throw PawlError(.inputOutput, "\(place.loader) cannot be read: \(reason).")
    }
  }

  public func oneShot() throws -> String? {
    guard let data = try auxiliaryData() else { throw noAuxiliaryData }
    return data.onceCommand?.words().first
  }

  private var noAuxiliaryData: PawlError {
    PawlError(
      .refused, "The auxiliary data of \(place.loader) is damaged or of an older version.",
      hint: "extlinux --update \(place.folder)")
  }

  public func setOneShot(_ id: String, with tool: Tool) throws {
    guard try config().label(id) != nil else {
      throw PawlError(
        .refused, "extlinux has no label \(id) to start once.",
        hint: "The labels stand in \(place.config).")
    }
    try setOnce(id, tool)
  }

  public func clearOneShot(with tool: Tool) throws { try setOnce(nil, tool) }

  private func setOnce(_ id: String?, _ tool: Tool) throws {
    guard let present = try auxiliaryData() else { throw noAuxiliaryData }
    guard present.onceCommand != id else { return }
    try tool.run(
      ["extlinux", id.map { "--once=\($0)" } ?? "--clear-once", root.path(place.folder)])
    try files.sync(place.folder)
    let found = try auxiliaryData()?.onceCommand
    guard found == id else {
      throw PawlError(
        .stepFailed,
        "extlinux ended well, but is set to start \(found ?? "nothing") once and not "
          + "\(id ?? "nothing").", hint: "extlinux --update \(place.folder)")
    }
  }

  public func oneShotAbility() -> OneShotAbility {
    var sentences: [String] = []
    if root.exists("/sys/firmware/efi") {
      sentences.append("This host was started by UEFI firmware, which does not start extlinux.")
    }
    do {
      if try auxiliaryData() == nil { sentences.append(noAuxiliaryData.message) }
      _ = try config()
    } catch {
      sentences.append((error as? PawlError)?.message ?? "\(error)")
    }
    let programs = ["/usr/bin/extlinux", "/usr/sbin/extlinux", "/sbin/extlinux", "/bin/extlinux"]
    if !programs.contains(where: root.exists) {
      sentences.append("The program extlinux is missing.")
    }
    return sentences.isEmpty ? .able : .unable(sentences)
  }
}

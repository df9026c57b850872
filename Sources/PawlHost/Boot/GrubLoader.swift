import Foundation
import PawlModel

/// GRUB 2 as Debian and Ubuntu set it up, on BIOS and UEFI: `/boot/grub/grub.cfg`, made by
/// `grub-mkconfig` from `/etc/grub.d`.
public struct GrubLoader: BootLoader {
  static let menuPath = "/boot/grub/grub.cfg"
  static let environmentPath = "/boot/grub/grubenv"

  let root: HostRoot
  let files: any HostFiles
  private let paths: LoaderPaths

  public init(root: HostRoot, files: any HostFiles) {
    self.root = root
    self.files = files
    paths = LoaderPaths(root: root)
  }

  public let name = "GRUB"
  public let changedFiles = [GrubFragment.path, GrubLoader.menuPath]
  public let copiesFolder = "/boot/pawl"

  public func oneShotAbility() -> OneShotAbility {
    GrubOneShot(root: root, paths: paths).ability(menu: try? menuText())
  }

  // MARK: - Reading

  public func entries() throws -> [BootEntry] { try menu().entries.compactMap(bootEntry) }

  public func plainChoice() throws -> BootEntry? {
    try menu(ignoringOneShot: true).chosen.flatMap(bootEntry)
  }

  public func distributionEntry(of release: String) throws -> BootEntry? {
    try model(of: release).flatMap(bootEntry)
  }

  /// `gnulinux-simple-…` starts whatever kernel is the newest, and is no entry of a release.
  private func model(of release: String) throws -> GrubMenu.Entry? {
    try menu().entries.first { entry in
      entry.image?.hasSuffix("/vmlinuz-\(release)") == true && !Self.isOwn(entry.id)
        && !entry.id.contains("recovery") && entry.id.contains(release)
    }
  }

  private static func isOwn(_ id: String) -> Bool { id.hasPrefix("pawl-") }

  private func bootEntry(_ entry: GrubMenu.Entry) -> BootEntry? {
    guard let image = entry.image else { return nil }
    return BootEntry(
      id: entry.id, title: entry.title, image: paths.onHost(image),
      initrds: entry.initrds.map(paths.onHost), commandLine: entry.commandLine)
  }

  private func menuText() throws -> String {
    let reading = root.text(Self.menuPath)
    guard let text = reading.value else {
      throw PawlError(
        .refused, "\(Self.menuPath) cannot be read: \(reading.reason ?? "empty").",
        hint: "Is /boot mounted? update-grub makes it anew.")
    }
    return text
  }

  private func menu(ignoringOneShot: Bool = false) throws -> GrubMenu {
    GrubMenu(try menuText(), environment: try values(ignoringOneShot: ignoringOneShot))
  }

  private func values(ignoringOneShot: Bool) throws -> [String: String] {
    var values = try environment().values
    if ignoringOneShot { values["next_entry"] = nil }
    return values
  }

  func environment() throws -> GrubEnvironment {
    let reading = root.read(Self.environmentPath, limit: 1 << 20)
    guard let bytes = reading.value else {
      throw PawlError(
        .refused, "\(Self.environmentPath) cannot be read: \(reading.reason ?? "empty").",
        hint: "Make it anew: grub-editenv /boot/grub/grubenv create")
    }
    return try GrubEnvironment(bytes)
  }

  // MARK: - Writing

  /// The menu is made as a whole: all there is to do is to make it once more.
  public func addKernel(_ release: String, with tool: Tool) throws {
    guard try model(of: release) == nil else { return }
    let wanted = try EntriesFile(root: root, files: files).read()
    try regenerate(wanted, with: tool)
    guard try model(of: release) != nil else {
      throw PawlError(
        .stepFailed, "grub-mkconfig made no entry for \(release).",
        hint: "Is /boot/vmlinuz-\(release) there, and /etc/grub.d/10_linux executable?")
    }
  }

  public func removeKernel(_ release: String, with tool: Tool) throws {}

  public func write(_ wanted: PawlEntries?, with tool: Tool) throws {
    if let wanted { try MenuCheck.requireTokens(wanted) }
    if wanted?.trial == nil { try clearOneShotOfOurs(with: tool) }
    let present = try files.state(at: root.path(GrubFragment.path))
    guard let wanted else { return try withdraw(present, with: tool) }
    let fragment = try fragment(wanted)
    let program = Array(fragment.program.utf8)
    if present.digest == SHA256.hash(program), (try? verify(wanted)) != nil { return }
    try publish(program, at: GrubFragment.path, mode: 0o755, replacing: present)
    let inPlace = GrubSections.replacing(own: fragment.text, in: try menuText())
    if let inPlace, (try? check(inPlace).require(wanted)) != nil {
      try put(inPlace, wanted, with: tool)
    } else {
      try regenerate(wanted, with: tool)
    }
  }

  private func withdraw(_ present: FileState, with tool: Tool) throws {
    try withdrawFragment(present)
    if try menu().entries.contains(where: { Self.isOwn($0.id) }) {
      try regenerate(nil, with: tool)
    }
    try forgetTried(with: tool)
  }

  private func withdrawFragment(_ present: FileState) throws {
    guard present != .absent else { return }
    try files.remove(
      at: root.path(GrubFragment.path), expecting: present, as: LiveHost.ownIdentity())
  }

  private func forgetTried(with tool: Tool) throws {
    guard let values = try? environment().values, values[GrubFragment.triedName] != nil else {
      return
    }
    try editEnvironment(["unset", GrubFragment.triedName], with: tool)
  }

  private func fragment(_ wanted: PawlEntries) throws -> GrubFragment {
    let known =
      try wanted.fallbackRelease.flatMap { try model(of: $0) }
      ?? menu().entries.first { !Self.isOwn($0.id) && $0.image != nil }
    guard let known else {
      throw PawlError(
        .refused,
        "\(Self.menuPath) has no entry that starts a kernel, so that none can be made like it.",
        hint: "Make the menu anew with update-grub, then try again.")
    }
    return GrubFragment(entries: wanted, like: known, paths: paths)
  }

  private static let asidePath = "/boot/grub/.pawl-grub.cfg"

  /// `grub-mkconfig` ends in a plain `cat` over the live file: it is given a file of our own.
  private func regenerate(_ wanted: PawlEntries?, with tool: Tool) throws {
    try tool.run(["grub-mkconfig", "-o", root.path(Self.asidePath)])
    try put(root.text(Self.asidePath).value ?? "", wanted, with: tool)
  }

  /// Checks a text as the menu that it would be, and puts it in place whole.
  private func put(_ menu: String, _ wanted: PawlEntries?, with tool: Tool) throws {
    if let wanted {
      try check(menu).require(wanted)
    } else {
      try check(menu).requireNothingOfOurs()
    }
    let bytes = Array(menu.utf8)
    let aside = root.path(Self.asidePath)
    try publish(bytes, at: Self.asidePath, mode: 0o600, replacing: try files.state(at: aside))
    try tool.run(["grub-script-check", aside])
    let present = try files.state(at: root.path(Self.menuPath))
    try publish(bytes, at: Self.menuPath, mode: nil, replacing: present)
    try files.remove(
      at: aside, expecting: try files.state(at: aside), as: LiveHost.ownIdentity())
    try files.sync(fileSystemsOf: [root.path(Self.menuPath)])
  }

  private func publish(
    _ bytes: [UInt8], at path: String, mode: UInt32?, replacing present: FileState
  ) throws {
    let place = root.path(path)
    _ = try files.publish(
      at: place, metadata: nil, mode: mode, replacing: present, as: LiveHost.ownIdentity()
    ) { try $0(bytes) }
  }

  private func check(_ menu: String) throws -> GrubMenuCheck {
    GrubMenuCheck(text: menu, environment: try values(ignoringOneShot: true), paths: paths)
  }

  public func verify(_ wanted: PawlEntries) throws {
    try check(try menuText()).require(wanted)
    for entry in wanted.own + [wanted.promoted].compactMap(\.self) {
      for path in entry.files where LiveHost.size(of: root.path(path)) ?? 0 == 0 {
        throw PawlError(
          .refused, "The entry \(entry.id) needs \(path), which is not there or empty.",
          hint: "Find out what removed it. Roll the plan back and plan again.")
      }
    }
  }

  // MARK: - Once

  public func oneShot() throws -> String? {
    try environment().values["next_entry"].flatMap { $0.isEmpty ? nil : $0 }
  }

  public func setOneShot(_ id: String, with tool: Tool) throws {
    guard try menu().entries.contains(where: { $0.id == id }) else {
      throw PawlError(
        .refused, "GRUB's menu has no entry \(id) that could be started once.",
        hint: "GRUB would start the first entry instead. Look at \(Self.menuPath).")
    }
    try editEnvironment(["set", "next_entry=\(id)"], with: tool)
    guard try oneShot() == id else {
      throw PawlError(
        .refused, "GRUB's environment block does not hold the entry \(id) that was set in it.",
        hint: "Look at it: grub-editenv \(Self.environmentPath) list")
    }
  }

  public func clearOneShot(with tool: Tool) throws {
    guard try oneShot() != nil else { return }
    try editEnvironment(["unset", "next_entry"], with: tool)
    guard try oneShot() == nil else {
      throw PawlError(
        .refused, "GRUB's environment block still holds an entry to be started once.",
        hint: "Clear it: grub-editenv \(Self.environmentPath) unset next_entry")
    }
  }

  private func editEnvironment(_ words: [String], with tool: Tool) throws {
    let place = root.path(Self.environmentPath)
    try tool.run(["grub-editenv", place] + words)
    try files.sync(fileSystemsOf: [place])
  }

  public func triedToken() -> Reading<String> {
    do {
      return try environment().values[GrubFragment.triedName].map { .present($0) } ?? .absent
    } catch { return .unreadable(String(describing: error)) }
  }
}

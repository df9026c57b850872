import Foundation
import PawlModel

/// GRUB 2 on BIOS and UEFI, whose menu `grub-mkconfig` makes from `/etc/grub.d`: as a whole on Debian,
/// Ubuntu, Arch and SUSE; on Fedora and RHEL with a command in it that reads the kernels' entries from
/// files of their own (`GrubSnippets`).
public struct GrubLoader: BootLoader {
  let root: HostRoot
  let files: any HostFiles
  let layout: GrubLayout
  let paths: LoaderPaths

  init(root: HostRoot, files: any HostFiles, layout: GrubLayout = .upstream) {
    self.root = root
    self.files = files
    self.layout = layout
    paths = LoaderPaths(root: root)
  }

  public let name = "GRUB"
  public var changedFiles: [String] { [GrubFragment.path, layout.menu] }
  public let copiesFolder = "/boot/pawl"

  public func oneShotAbility() -> OneShotAbility {
    GrubOneShot(root: root, paths: paths, layout: layout).ability(menu: try? menuText())
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
  func model(of release: String) throws -> GrubMenu.Entry? { model(of: release, in: try menu()) }

  private func model(of release: String, in menu: GrubMenu) -> GrubMenu.Entry? {
    let names = KernelLayout.names(of: release, root: root)
    return menu.entries.first { entry in
      guard !Self.isOwn(entry.id), !entry.id.contains("recovery") else { return false }
      return names.contains { name in
        entry.image?.hasSuffix("/vmlinuz-\(name)") == true
          // "linux" is the name of a package of Arch's, and part of every id.
          && entry.id.contains(name == release ? name : "gnulinux-\(name)-advanced")
      }
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
    let reading = root.text(layout.menu)
    guard let text = reading.value else {
      throw PawlError(
        .refused, "\(layout.menu) cannot be read: \(reading.reason ?? "empty").",
        hint: "Is /boot mounted? Make it anew: \(layout.remake)")
    }
    return text
  }

  func menu(ignoringOneShot: Bool = false) throws -> GrubMenu {
    try menu(try menuText(), ignoringOneShot: ignoringOneShot)
  }

  private func menu(_ text: String, ignoringOneShot: Bool = false) throws -> GrubMenu {
    GrubMenu(
      text, environment: try values(ignoringOneShot: ignoringOneShot),
      snippets: try snippets(readBy: text))
  }

  private func snippets(readBy menu: String) throws -> [TypeOneEntry] {
    menu.contains("blscfg") ? try GrubSnippets(root: root).read() : []
  }

  private func values(ignoringOneShot: Bool) throws -> [String: String] {
    var values = try environment().values
    if ignoringOneShot { values["next_entry"] = nil }
    return values
  }

  func environment() throws -> GrubEnvironment {
    let reading = root.read(layout.environment, limit: 1 << 20)
    guard let bytes = reading.value else {
      throw PawlError(
        .refused, "\(layout.environment) cannot be read: \(reading.reason ?? "empty").",
        hint: "Make it anew: \(layout.program("editenv")) \(layout.environment) create")
    }
    return try GrubEnvironment(bytes)
  }

  // MARK: - Writing

  /// Where the menu is made as a whole, all there is to do is to make it once more.
  public func addKernel(_ release: String, with tool: Tool) throws {
    if try menu().readsSnippets { return try addSnippet(release, with: tool) }
    guard try model(of: release) == nil else { return }
    let wanted = try EntriesFile(root: root, files: files).read()
    try regenerate(wanted, keeping: root.line("/proc/sys/kernel/osrelease").value, with: tool)
    guard try model(of: release) != nil else {
      throw PawlError(
        .stepFailed, "\(layout.program("mkconfig")) made no entry for \(release).",
        hint: "Is /boot/vmlinuz-\(release) there, and /etc/grub.d/10_linux executable?")
    }
  }

  public func removeKernel(_ release: String, with tool: Tool) throws {
    if try menu().readsSnippets { try removeSnippet(release, with: tool) }
  }

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
    let menu = try menu()
    if menu.entries.contains(where: { Self.isOwn($0.id) }) {
      if menu.readsSnippets, let plain = GrubSections.withoutOwn(try menuText()) {
        try put(plain, nil, with: tool)
      } else {
        try regenerate(nil, with: tool)
      }
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
        "\(layout.menu) has no entry that starts a kernel, so that none can be made like it.",
        hint: "Make the menu anew, then try again: \(layout.remake)")
    }
    return GrubFragment(entries: wanted, like: known, paths: paths)
  }

  /// `grub-mkconfig` ends in a plain `cat` over the live file: it is given a file of our own.
  /// - Parameter kept: a release that must not lose the entry that it has.
  private func regenerate(
    _ wanted: PawlEntries?, keeping kept: String? = nil, with tool: Tool
  ) throws {
    try tool.run([layout.program("mkconfig"), "-o", root.path(layout.aside)])
    let made = root.text(layout.aside).value ?? ""
    if let kept, try model(of: kept) != nil, model(of: kept, in: try menu(made)) == nil {
      throw PawlError(
        .stepFailed,
        "The new boot menu has no entry for \(kept), which runs; the old menu is untouched.",
        hint: "Is its image still in /boot?")
    }
    try put(made, wanted, with: tool)
  }

  /// Checks a text as the menu that it would be, and puts it in place whole.
  private func put(_ menu: String, _ wanted: PawlEntries?, with tool: Tool) throws {
    if let wanted {
      try check(menu).require(wanted)
    } else {
      try check(menu).requireNothingOfOurs()
    }
    let bytes = Array(menu.utf8)
    let aside = root.path(layout.aside)
    try publish(bytes, at: layout.aside, mode: 0o600, replacing: try files.state(at: aside))
    try tool.run([layout.program("script-check"), aside])
    let present = try files.state(at: root.path(layout.menu))
    try publish(bytes, at: layout.menu, mode: nil, replacing: present)
    try files.remove(
      at: aside, expecting: try files.state(at: aside), as: LiveHost.ownIdentity())
    try files.sync(fileSystemsOf: [root.path(layout.menu)])
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
    GrubMenuCheck(
      text: menu, environment: try values(ignoringOneShot: true),
      snippets: try snippets(readBy: menu), paths: paths)
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
        hint: "GRUB would start the first entry instead. Look at \(layout.menu).")
    }
    try editEnvironment(["set", "next_entry=\(id)"], with: tool)
    guard try oneShot() == id else {
      throw PawlError(
        .refused, "GRUB's environment block does not hold the entry \(id) that was set in it.",
        hint: "Look at it: \(layout.program("editenv")) \(layout.environment) list")
    }
  }

  public func clearOneShot(with tool: Tool) throws {
    guard try oneShot() != nil else { return }
    try editEnvironment(["unset", "next_entry"], with: tool)
    guard try oneShot() == nil else {
      throw PawlError(
        .refused, "GRUB's environment block still holds an entry to be started once.",
        hint:
          "Clear it: \(layout.program("editenv")) \(layout.environment) unset next_entry")
    }
  }

  func editEnvironment(_ words: [String], with tool: Tool) throws {
    let place = root.path(layout.environment)
    try tool.run([layout.program("editenv"), place] + words)
    try files.sync(fileSystemsOf: [place])
  }

  public func triedToken() -> Reading<String> {
    do {
      return try environment().values[GrubFragment.triedName].map { .present($0) } ?? .absent
    } catch { return .unreadable(String(describing: error)) }
  }
}

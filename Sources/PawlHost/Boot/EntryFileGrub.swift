import PawlModel

/// The GRUB of openSUSE that has no menu file (`LOADER_TYPE=grub2-bls`): its entries are files on the EFI
/// system partition, kept by sdbootutil, and its environment block lies there, too. A kernel is added and
/// removed; none is started once, since nothing says that this GRUB could.
struct EntryFileGrub: BootLoader {
  let name = "GRUB without a menu file"
  let files: BootFiles
  let freeBytes: (String) -> Int64?

  static let loaderType = "grub2-bls"

  init(root: HostRoot, files: any HostFiles, identity: Identity) {
    self.files = BootFiles(root: root, files: files, identity: identity)
    freeBytes = { DiskSpace.measure($0, root: root).value?.freeBytes }
  }

  static func isChosen(below root: HostRoot) -> Bool {
    BootLoaderSearch.loaderType(below: root) == loaderType
  }

  private var root: HostRoot { files.root }

  private var partitions: EFIPartitions { EFIPartitions(root: root, loader: .grub) }

  private var folder: EntryFolder {
    EntryFolder(
      loader: name, files: files, partitions: partitions, freeBytes: freeBytes,
      precedes: { VersionOrder.compare($0.id, $1.id) > 0 })
  }

  var changedFiles: [String] { [] }

  var copiesFolder: String { (partitions.systemPartition?.mountPoint ?? "/boot/efi") + "/pawl" }

  func oneShotAbility() -> OneShotAbility { .unable([Self.unable]) }

  private static let unable =
    "Nothing is known by which it would start an entry once and forget that; sdbootutil has "
    + "no such command."

  private static func refusal() -> PawlError {
    PawlError(
      .refused, unable,
      hint: "Somebody at the console can choose: --set trial=i-will-be-at-the-console. "
        + "systemd-boot, which sdbootutil keeps as well, can start one once.")
  }

  func entries() throws -> [BootEntry] { try folder.menu().map(\.entry) }

  /// `default` of the environment block, as sdbootutil sets it; else the first entry.
  func plainChoice() throws -> BootEntry? {
    let menu = try folder.menu()
    let chosen = try environment()?.values["default"]
    let entry = menu.first {
      [$0.file.id, String($0.file.id.dropLast(".conf".count))].contains(chosen)
    }
    return (entry ?? menu.first)?.entry
  }

  /// sdbootutil pads the block without an end of the last line: what GRUB reads of it is the same.
  private func environment() throws -> GrubEnvironment? {
    guard let partition = partitions.systemPartition else { return nil }
    let folders = root.list(partition.mountPoint + "/EFI").value ?? []
    let blocks = folders.map { "\(partition.mountPoint)/EFI/\($0)/grubenv" }
    guard let path = blocks.first(where: root.exists), let (bytes, _) = try files.read(path) else {
      return nil
    }
    return try GrubEnvironment(bytes)
  }

  func distributionEntry(of release: String) throws -> BootEntry? {
    try folder.distributionFile(of: release)?.entry
  }

  func addKernel(_ release: String, with tool: Tool) throws {
    try folder.addKernel(release, with: tool)
  }

  func removeKernel(_ release: String, with tool: Tool) throws {
    try folder.removeKernel(release, with: tool)
  }

  // MARK: - Nothing is tried

  func write(_ wanted: PawlEntries?, with tool: Tool) throws {
    guard wanted == nil else { throw Self.refusal() }
  }

  func verify(_ wanted: PawlEntries) throws { throw Self.refusal() }

  func oneShot() throws -> String? { nil }

  func setOneShot(_ id: String, with tool: Tool) throws { throw Self.refusal() }

  func clearOneShot(with tool: Tool) throws {}

  func triedToken() -> Reading<String> { .unreadable(Self.unable) }
}

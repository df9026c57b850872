import PawlModel

/// The partitions that a loader with entries of its own files reads: the EFI system partition that it lies on,
/// and the extended boot partition where there is one (UAPI.1, Boot Loader Specification).
struct EFIPartitions {
  enum Loader: String {
    case systemdBoot = "systemd-boot"
    case grub = "GRUB"
  }

  let root: HostRoot
  let loader: Loader

  private static let extendedBootType = "bc13c2ff-59e6-4262-a352-b275fd6f7172"
  private static let mountPoints = ["/efi", "/boot", "/boot/efi"]

  /// The system partition first. Throws where there is none.
  func require() throws -> [LoaderVolume] {
    guard let system = systemPartition else {
      throw PawlError(
        .refused,
        "No EFI system partition with \(loader.rawValue) on it is mounted at "
          + Self.mountPoints.joined(separator: ", ") + ".",
        hint: "Mount it. `bootctl status` says what systemd itself finds.")
    }
    return [system] + [extendedBoot(besides: system)].compactMap(\.self)
  }

  /// Where entries and kernels are to go: the extended boot partition is made for them.
  func requireForEntries() throws -> LoaderVolume {
    let all = try require()
    return all[all.count - 1]
  }

  var systemPartition: LoaderVolume? {
    Self.mountPoints.lazy.compactMap(fatVolume).first { volume in
      root.exists(volume.mountPoint + "/loader") && isInstalled(in: volume.mountPoint + "/EFI")
    }
  }

  /// openSUSE puts its GRUB into a folder named after the distribution.
  private func isInstalled(in folder: String) -> Bool {
    let prefix: String
    let folders: [String]
    switch loader {
    case .systemdBoot: (prefix, folders) = ("systemd-boot", ["systemd"])
    case .grub: (prefix, folders) = ("grub", root.list(folder).value ?? [])
    }
    return folders.flatMap { root.list("\(folder)/\($0)").value ?? [] }.contains {
      $0.lowercased().hasPrefix(prefix) && $0.lowercased().hasSuffix(".efi")
    }
  }

  private func extendedBoot(besides system: LoaderVolume) -> LoaderVolume? {
    guard let volume = fatVolume("/boot"), volume.mountPoint != system.mountPoint,
      property("ID_PART_ENTRY_TYPE", of: volume) == Self.extendedBootType
    else { return nil }
    return volume
  }

  /// A mount of its own: a folder of that name on the root file system is what is left where the
  /// partition was not mounted, and no loader would ever see what is written there.
  private func fatVolume(_ mountPoint: String) -> LoaderVolume? {
    // Looking into it mounts what is mounted only when it is used.
    _ = root.list(mountPoint)
    let table = MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? "")
    guard let volume = LoaderVolume(holding: mountPoint, of: table),
      volume.mountPoint == mountPoint, ["vfat", "msdos"].contains(volume.mount.type)
    else { return nil }
    return volume
  }

  /// As udev wrote it down.
  func property(_ name: String, of volume: LoaderVolume) -> String? {
    let lines = root.text("/run/udev/data/b\(volume.mount.device)").value?.split(separator: "\n")
    let prefix = "E:\(name)="
    return lines?.first { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).lowercased() }
  }

  /// Names of type 2 entries.
  var unifiedImages: [String] {
    ((try? require()) ?? []).flatMap { root.list($0.mountPoint + "/EFI/Linux").value ?? [] }
      .filter { $0.lowercased().hasSuffix(".efi") && !$0.hasPrefix(".") }
  }
}

import PawlModel

/// Whether GRUB can start an entry once: it has to write its environment block itself, before the
/// entry's kernel is loaded, or the entry is started at every boot from then on. (GRUB manual,
/// "Environment block": it must be plain, contiguous blocks of a file system without checksums.)
struct GrubOneShot {
  let root: HostRoot
  let paths: LoaderPaths
  let layout: GrubLayout

  func ability(menu: String?) -> OneShotAbility {
    let faults = environmentFaults + deviceFaults + menuFaults(menu)
    return faults.isEmpty ? .able : .unable(faults)
  }

  private var environmentFaults: [String] {
    if root.linkTarget(layout.environment) != nil {
      return ["\(layout.environment) is a link; GRUB writes only to a plain file."]
    }
    switch root.read(layout.environment, limit: 1 << 20) {
    case .absent: return ["\(layout.environment) is not there."]
    case .unreadable(let reason):
      return ["\(layout.environment) cannot be read: \(reason)."]
    case .present(let bytes):
      do {
        // SUSE's grub2-install on btrfs: the loader and grub2-editenv write to a gap of the file system.
        guard try GrubEnvironment(bytes).values["env_block"] == nil else {
          return [
            "\(layout.environment) says that GRUB keeps its environment outside of it (env_block), "
              + "which Pawl does not read."
          ]
        }
        return []
      } catch { return [error.description] }
    }
  }

  private var deviceFaults: [String] {
    guard let mount = paths.mount(holding: layout.environment) else { return [] }
    var faults: [String] = []
    if !Self.writable.contains(mount.type) {
      faults.append(
        "\(layout.environment) is on \(mount.type), which GRUB cannot write to.")
    }
    for (folder, kind) in [("dm", "LVM or an encrypted device"), ("md", "a RAID")]
    where root.exists("/sys/dev/block/\(mount.device)/\(folder)") {
      faults.append(
        "\(layout.environment) is on \(kind) (\(mount.source)), which GRUB cannot write to."
      )
    }
    return faults
  }

  private static let writable: Set<String> = ["ext2", "ext3", "ext4", "xfs", "vfat"]

  private func menuFaults(_ menu: String?) -> [String] {
    guard let menu else { return ["\(layout.menu) cannot be read."] }
    let heeds = menu.contains("${next_entry}") && menu.contains("save_env next_entry")
    return heeds
      ? [] : ["\(layout.menu) does not heed an entry that is to be started once."]
  }
}

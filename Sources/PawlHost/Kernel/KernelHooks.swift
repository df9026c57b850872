import Foundation
import PawlModel

/// The distribution's own hooks for a new kernel (initramfs, DKMS), one by one and without the
/// one that rewrites the boot menu: that is a step of its own, written aside and checked.
public struct KernelHooks {
  public let root: String
  public let release: String

  public init(root: String, release: String) {
    self.root = root
    self.release = release
  }

  /// Hooks are programs of the running system: for another root they are named, not run.
  public func run(with tool: Tool) throws {
    let folder = root == "/" ? "/etc/kernel/postinst.d" : "\(root)/etc/kernel/postinst.d"
    let hooks = names(in: folder)
    guard root == "/" else {
      print("The hooks of another root are not run on this host: \(hooks.joined(separator: ", ")).")
      return
    }
    for hook in hooks {
      try tool.run(
        ["\(folder)/\(hook)", release, "/boot/vmlinuz-\(release)"],
        adding: ["DEB_MAINT_PARAMS": "configure"])
    }
    try requireInitramfs(hooks)
  }

  /// What the distribution makes for a kernel is there; true where nothing is to be made.
  public var areDone: Bool {
    guard root == "/" else { return true }
    let hooks = names(in: "/etc/kernel/postinst.d")
    return (try? requireInitramfs(hooks)) != nil
  }

  /// The distribution's own hooks for a kernel that goes, the boot menu's again left out.
  public func runRemoval(with tool: Tool) throws {
    guard root == "/" else { return }
    for hook in names(in: "/etc/kernel/postrm.d") {
      try tool.run(
        ["/etc/kernel/postrm.d/\(hook)", release, "/boot/vmlinuz-\(release)"],
        adding: ["DEB_MAINT_PARAMS": "remove"])
    }
  }

  /// In the order and with the name rule of run-parts(8).
  private func names(in folder: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { name in
      let wellNamed = name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == 45 || byte == 95
      }
      return wellNamed && !menuHooks.contains(name)
        && FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
    }.sorted()
  }

  /// A hook that ends with 0 and leaves no initramfs leaves a kernel that cannot find its root.
  private func requireInitramfs(_ hooks: [String]) throws {
    guard hooks.contains(where: { $0.contains("initramfs") || $0.contains("dracut") }) else {
      return
    }
    let path = "/boot/initrd.img-\(release)"
    guard LiveHost.size(of: path) ?? 0 > 0 else {
      throw PawlError(
        .stepFailed, "The hooks ended well, but there is no \(path).",
        hint: "Check the free space of /boot.")
    }
  }
}

private let menuHooks: Set<String> = ["zz-update-grub", "zz-systemd-boot", "zz-extlinux"]

import Foundation
import PawlModel

/// The distribution's own hooks for a kernel that comes or goes (initramfs, DKMS), one by one and without
/// the one that rewrites the boot menu: that is a step of its own, written aside and checked.
struct KernelHooks {
  private let root: String
  private let release: String
  private let folder: String
  private let names: [String]

  /// `folder`: of the hooks, below `root`.
  init(root: String, release: String, folder: String) {
    self.root = root
    self.release = release
    self.folder = (root == "/" ? "" : root) + folder
    names = Self.names(in: self.folder)
  }

  /// Hooks are programs of the running system: for another root they are named, not run.
  func run(with tool: Tool, requiring initramfs: String) throws {
    guard root == "/" else {
      print("The hooks of another root are not run on this host: \(names.joined(separator: ", ")).")
      return
    }
    try runAll(with: tool, for: "configure")
    guard !makeInitramfs || LiveHost.size(of: initramfs) ?? 0 > 0 else {
      throw PawlError(
        .stepFailed, "The hooks ended well, but there is no \(initramfs).",
        hint: "Check the free space of /boot.")
    }
  }

  func runRemoval(with tool: Tool) throws {
    guard root == "/" else { return }
    try runAll(with: tool, for: "remove")
  }

  /// Whether one of them is to leave an initramfs: a hook that ends with 0 and leaves none leaves a kernel
  /// that cannot find its root.
  var makeInitramfs: Bool {
    names.contains { $0.contains("initramfs") || $0.contains("dracut") }
  }

  private func runAll(with tool: Tool, for occasion: String) throws {
    for hook in names {
      try tool.run(
        ["\(folder)/\(hook)", release, KernelLayout.image(of: release)],
        adding: ["DEB_MAINT_PARAMS": occasion])
    }
  }

  /// In the order and with the name rule of run-parts(8).
  private static func names(in folder: String) -> [String] {
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

  private static let menuHooks: Set<String> = ["zz-update-grub", "zz-systemd-boot", "zz-extlinux"]
}

import Foundation
import PawlModel

/// Rewrites GRUB's menu without ever leaving a torn one: `grub-mkconfig` ends in a plain `cat`
/// over the live file, so it is given a file of our own, which is checked, synced and renamed.
public struct BootMenu {
  public let root: String
  public let release: String
  public let fallback: String

  public init(root: String, release: String, fallback: String) {
    self.root = root
    self.release = release
    self.fallback = fallback
  }

  public var namesRelease: Bool {
    let menu = (root == "/" ? "" : root) + "/boot/grub/grub.cfg"
    let text = (try? String(contentsOfFile: menu, encoding: .utf8)) ?? ""
    return root != "/" || text.contains("vmlinuz-\(release)")
  }

  public func rewrite(with tool: Tool, files: any HostFiles) throws {
    guard root == "/" else {
      print("The boot menu of another root is not written by this host's tools.")
      return
    }
    let menu = "/boot/grub/grub.cfg"
    guard FileManager.default.fileExists(atPath: menu) else {
      throw PawlError(
        .stepFailed, "There is no \(menu): this host does not boot by GRUB as Debian sets it up.",
        hint: "Add the boot entry for \(release) with your own boot loader's tool.")
    }
    let aside = "/boot/grub/.pawl-grub.cfg"
    try tool.run(["grub-mkconfig", "-o", aside])
    let text = (try? String(contentsOfFile: aside, encoding: .utf8)) ?? ""
    for wanted in [release, fallback] where !text.contains("vmlinuz-\(wanted)") {
      throw PawlError(
        .stepFailed, "The new boot menu has no entry for \(wanted); the old menu is untouched.",
        hint: "Is /boot/vmlinuz-\(wanted) there?")
    }
    try tool.run(["grub-script-check", aside])
    let present = try files.state(at: menu)
    _ = try files.publish(
      at: menu, metadata: nil, mode: nil, replacing: present, as: .root
    ) { write in
      _ = try files.read(at: aside, as: .root, chunk: write)
    }
    try FileManager.default.removeItem(atPath: aside)
    print("The boot menu names \(release) and \(fallback).")
  }
}

/// Where GRUB's files lie and what its programs are called: all that differs between the GRUB of upstream,
/// Debian and Arch and that of Red Hat and SUSE, which renamed it when both versions were installed side
/// by side.
struct GrubLayout: Sendable, Hashable {
  let folder: String
  private let prefix: String

  static let upstream = GrubLayout(folder: "/boot/grub", prefix: "grub")
  static let renamed = GrubLayout(folder: "/boot/grub2", prefix: "grub2")

  var menu: String { "\(folder)/grub.cfg" }
  var environment: String { "\(folder)/grubenv" }
  /// Where a menu is made and checked before it is in force.
  var aside: String { "\(folder)/.pawl-grub.cfg" }

  /// `mkconfig`, `editenv`, `script-check`.
  func program(_ name: String) -> String { "\(prefix)-\(name)" }

  /// What makes the menu anew, for a hint.
  var remake: String { "\(program("mkconfig")) -o \(menu)" }

  /// Of the GRUB that has a menu here; nil where none has, or where SUSE's configuration names another
  /// loader and the menu is what is left of an earlier one.
  static func find(below root: HostRoot) -> GrubLayout? {
    guard isChosen(root) else { return nil }
    let present = [upstream, renamed].filter { root.exists($0.menu) }
    return present.first { root.exists("/usr/bin/\($0.program("editenv"))") } ?? present.first
  }

  private static func isChosen(_ root: HostRoot) -> Bool {
    guard let type = BootLoaderSearch.loaderType(below: root), !type.isEmpty else { return true }
    return ["grub2", "grub2-efi"].contains(type)
  }
}

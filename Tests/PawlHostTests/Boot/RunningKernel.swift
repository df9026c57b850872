import HostContract
import PawlModel

@testable import PawlHost

/// A host by GRUB whose running kernel's image names itself, and the changes of its menu.
struct RunningKernel {
  static let identity = BootIdentity(
    bootID: "boot-1", release: LoaderGround.running, version: "#1 SMP Debian", buildID: nil,
    commandLine: "BOOT_IMAGE=/boot/vmlinuz \(LoaderGround.commandLine)")

  let fixture: GrubFixture

  init() throws {
    fixture = try GrubFixture()
    try fixture.ground.lay("/proc/stat", "cpu 1\nbtime 4102444800\n")
    try fixture.ground.lay(
      "/boot/vmlinuz-\(LoaderGround.running)", Self.image(LoaderGround.running, "#1 SMP Debian"))
  }

  var menu: MenuChange {
    MenuChange(
      root: fixture.root, loader: fixture.loader, files: LiveHost(), facts: LiveHost(),
      tool: fixture.tool(processes: LiveHost()))
  }

  var entries: PawlEntries? {
    get throws { try EntriesFile(root: fixture.root, files: LiveHost()).read() }
  }

  /// The header of a bzImage, as far as it names its version.
  static func image(_ release: String, _ version: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 0x1000)
    bytes.replaceSubrange(0x202..<0x206, with: "HdrS".utf8)
    bytes[0x20f] = 0x02  // 0x200 + 0x200
    let text = Array("\(release) (builder@host) \(version)\0".utf8)
    bytes.replaceSubrange(0x400..<(0x400 + text.count), with: text)
    return bytes
  }
}

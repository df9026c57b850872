import ArgumentParser
import Foundation
import PawlHost
import PawlModel

/// Whether a kernel image can start at all, before anything of the host is changed for it.
struct PrebootStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "preboot")
  @Option var image: String
  @Option(help: "Unpacked as well, to see that the kernel can.") var initrd: String?
  @Option var release: String
  @Option(help: "The kernel's configuration: whether it has a console that can be listened to.")
  var config: String?
  @Option var memory: Int?
  @Option var seconds = 300

  func run() throws {
    guard let emulator = Preboot.installedEmulator() else {
      print("\(Preboot.emulator) is not installed; nothing was tried.")
      return
    }
    let preboot = Preboot(
      image: image, initrd: initrd, release: release, memoryMiB: memory, seconds: seconds)
    let (verdict, console) = try preboot.run(
      emulator: emulator, processes: LiveHost(), identity: LiveHost.ownIdentity(),
      environment: ProcessInfo.processInfo.environment,
      folder: FileManager.default.temporaryDirectory.path)
    print(HostText.lines(console, limit: 1 << 20))
    print(try preboot.judge(verdict, hasSerialConsole: hasSerialConsole))
  }

  private var hasSerialConsole: Bool? {
    guard let config, let text = try? String(contentsOfFile: config, encoding: .utf8) else {
      return nil
    }
    return text.split(separator: "\n").contains("CONFIG_SERIAL_8250_CONSOLE=y")
  }
}

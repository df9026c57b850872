import Foundation
import PawlModel
import Testing

@testable import PawlHost

@Suite("The build of a kernel for WSL")
struct WSLBuildTests {
  private func begun(
    from: String = "auto", isBuiltIn: Bool = true, source: [String: String] = [:],
    running: String? = nil
  ) throws -> String {
    let ground = try LoaderGround()
    try ground.lay("/build/x", "")
    try ground.lay("/source/Makefile", "")
    for (path, text) in source { try ground.lay("/source\(path)", text) }
    if let running { try ground.lay("/proc/config.gz", try packed(running)) }
    try WSLBuildConfig(
      source: ground.root.path("/source"), build: ground.root.path("/build"), from: from,
      isBuiltIn: isBuiltIn, root: ground.root
    ).write(with: LiveHost())
    return try String(contentsOfFile: ground.root.path("/build/.config"), encoding: .utf8)
  }

  private func packed(_ text: String) throws -> [UInt8] {
    let gzip = Process()
    let (input, output) = (Pipe(), Pipe())
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
    gzip.standardInput = input
    gzip.standardOutput = output
    try gzip.run()
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    return [UInt8](output.fileHandleForReading.readDataToEndOfFile())
  }

  private static let arm = "/Microsoft/config-wsl-arm64"
  private static let x86 = "/Microsoft/config-wsl"

  @Test(
    "it begins with Microsoft's configuration where the source has one, else with the running kernel's"
  )
  func begins() throws {
    let ofMicrosoft = [Self.arm: "CONFIG_A=y\n", Self.x86: "CONFIG_A=y\n"]
    #expect(try begun(source: ofMicrosoft, running: "CONFIG_B=y\n") == "CONFIG_A=y\n")
    #expect(try begun(running: "CONFIG_B=y\n") == "CONFIG_B=y\n")
    let error = #expect(throws: PawlError.self) { try begun() }
    #expect(error?.hint?.contains("--set config=") == true)
  }

  /// Without a disk of them WSL has no modules at all: a driver left as one would be gone.
  @Test("modules go into the image, and nothing else of the configuration changes")
  func builtIn() throws {
    let text =
      "# CONFIG_X=m\nCONFIG_A=m\nCONFIG_B=\"=m\"\nCONFIG_C=y\n# CONFIG_D is not set\nCONFIG_E=m"
    let source = [Self.arm: text, Self.x86: text]
    #expect(
      try begun(source: source)
        == "# CONFIG_X=m\nCONFIG_A=y\nCONFIG_B=\"=m\"\nCONFIG_C=y\n# CONFIG_D is not set\nCONFIG_E=y"
    )
    #expect(try begun(isBuiltIn: false, source: source) == text)
  }

  static let hasTools = ["mke2fs", "debugfs", "e2fsck", "qemu-img"].allSatisfy {
    HostRoot.live.hasProgram($0)
  }

  @Test(
    "the disk of modules holds them at its top, as root's, and is read back",
    .enabled(if: hasTools, "e2fsprogs and qemu-utils are not installed"))
  func disk() throws {
    let ground = try LoaderGround()
    try ground.lay("/modules/modules.dep", "kernel/a.ko:\n")
    try ground.lay("/modules/kernel/a.ko", String(repeating: "a", count: 9000))
    let disk = ground.root.path("/modules.vhdx")
    try WSLModulesDisk(modules: ground.root.path("/modules"), disk: disk)
      .make(with: Tool.ofHost(LiveHost()))
    let image = ground.root.path("/read.ext4")
    let output = ToolOutput.live(processes: LiveHost())
    _ = try #require(
      output.text(["qemu-img", "convert", "-f", "vhdx", "-O", "raw", disk, image]).value)
    func ask(_ request: String) -> String {
      output.text(["debugfs", "-R", request, image]).value ?? ""
    }
    #expect(ask("cat /modules.dep").contains("kernel/a.ko:"))
    for name in ["/modules.dep", "/kernel", "/kernel/a.ko"] {
      let words = ask("stat \(name)").words()
      let user = words.firstIndex(of: "User:").map { words[$0 + 1] }
      let group = words.firstIndex(of: "Group:").map { words[$0 + 1] }
      #expect([user, group] == ["0", "0"], "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: disk + ".ext4"))
  }

  @Test("what a person starts in Windows is plain ASCII with line ends of Windows")
  func script() {
    let text = WSLReturnScript.text
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count > 10 && lines.allSatisfy { $0.last == UInt8(ascii: "\r") })
  }
}

@Suite("The boot hook of a WSL without systemd")
struct WSLBootCommandTests {
  private func command(_ settings: String?) throws -> (WSLBootCommand, LoaderGround) {
    let ground = try LoaderGround()
    try ground.lay("/etc/hostname", "wsl\n")
    if let settings { try ground.lay("/etc/wsl.conf", settings) }
    return (WSLBootCommand(root: ground.root, files: LiveHost()), ground)
  }

  @Test("a command of somebody's own is never replaced: WSL runs one only")
  func taken() throws {
    let text = "[boot]\ncommand=\"service docker start\" # mine\n"
    let (command, ground) = try command(text)
    let error = #expect(throws: PawlError.self) { try command.set() }
    #expect(error?.message.contains("service docker start") == true)
    try command.unset()
    #expect(ground.root.text("/etc/wsl.conf").value == text)
    #expect(command.fault != nil)
  }

  @Test("a line that starts the script behind somebody's own command stays as it is, hook or not")
  func behindAnother() throws {
    let text = "[boot]\ncommand = service docker start; \(WSLBootCommand.path)\n"
    let (command, ground) = try command(text)
    #expect(command.fault == nil)
    try command.set()
    try command.unset()
    #expect(ground.root.text("/etc/wsl.conf").value == text)
  }

  @Test("what else stands in wsl.conf stays, and the line goes with the hook")
  func keepsTheRest() throws {
    let text = "# mine\n[boot]\nsystemd=false\n\n[user]\ndefault=me\n"
    let (command, ground) = try command(text)
    try command.set()
    #expect(
      ground.root.text("/etc/wsl.conf").value
        == text.replacing("false\n", with: "false\ncommand=\(WSLBootCommand.path)\n"))
    #expect(command.fault == nil)
    try command.unset()
    #expect(ground.root.text("/etc/wsl.conf").value == text)
  }

  @Test(
    "a wsl.conf without the section, or without a last line end, is given back byte for byte",
    arguments: ["[user]\ndefault=me\n", "[boot]\nsystemd=false", "[boot]\n", "", "# mine"])
  func givenBack(_ text: String) throws {
    let (command, ground) = try command(text)
    for _ in 0..<2 { try command.set() }
    #expect(command.fault == nil)
    try command.unset()
    #expect(ground.root.text("/etc/wsl.conf").value == text)
    #expect(!ground.root.exists(WSLBootCommand.former))
  }

  @Test("what somebody changed meanwhile stays, without the line")
  func changedMeanwhile() throws {
    let (command, ground) = try command("[user]\ndefault=me\n")
    try command.set()
    let text = try ground.text("/etc/wsl.conf").replacing("me", with: "you")
    try ground.lay("/etc/wsl.conf", text)
    try command.unset()
    #expect(try ground.text("/etc/wsl.conf") == "[user]\ndefault=you\n\n[boot]\n")
    #expect(!ground.root.exists(WSLBootCommand.former))
  }

  @Test("a new wsl.conf has line ends of Linux, and goes with the hook")
  func newFile() throws {
    let (command, ground) = try command(nil)
    try command.set()
    #expect(
      ground.root.text("/etc/wsl.conf").value == "[boot]\ncommand=\(WSLBootCommand.path)\n")
    try command.unset()
    #expect(!ground.root.exists("/etc/wsl.conf"))
  }

  @Test("the script starts nothing where no plan is open")
  func script() throws {
    let file = WSLBootCommand.script(program: "/bin/false", journal: "/nowhere/journal.db")
    let ground = try LoaderGround()
    try ground.lay("/script", file.content)
    let traced = ToolOutput.live(processes: LiveHost()).text(
      ["sh", "-x", ground.root.path("/script")])
    #expect(traced.value?.contains("/bin/false") == false)
    // What it makes is nobody else's to write.
    #expect(traced.value?.contains("umask 022") == true)
  }
}

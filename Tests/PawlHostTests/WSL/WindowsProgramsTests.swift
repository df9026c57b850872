import PawlModel
import Testing

@testable import PawlHost

@Suite("Programs of Windows, asked from WSL")
struct WindowsProgramsTests {
  private let mounts = "60 20 0:60 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs;path=C:\\;uid=1000\n"

  private func wide(_ text: String) -> [UInt8] {
    text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }

  private func host(mounts: String? = nil, interop: Bool = true) throws -> FakeHost {
    let host = try FakeHost().write("/proc/self/mountinfo", mounts ?? self.mounts)
      .write("/mnt/c/Users/Jürgen Müller/NTUSER.DAT", "")
    if interop { try host.write("/proc/sys/fs/binfmt_misc/WSLInterop", "enabled\n") }
    for name in ["cmd.exe", "wsl.exe"] {
      try host.write("/mnt/c/Windows/System32/\(name)", "MZ stand-in")
    }
    return host
  }

  private func programs(
    _ host: FakeHost, _ argv: [String], _ answer: [UInt8], status: Int32 = 0
  ) -> WindowsPrograms {
    let name = argv.first ?? ""
    let path = host.root.path("/mnt/c/Windows/System32/\(name)")
    let answers = CannedBytes(
      argv: [path] + argv.dropFirst(), directory: host.root.path("/mnt/c/Windows"), bytes: answer,
      status: status)
    return WindowsPrograms(
      side: .detect(root: host.root), root: host.root,
      output: ToolOutput(
        processes: answers, identity: own, environment: ["PATH": "/usr/bin"], spool: "/nowhere"))
  }

  private let askHome = ["cmd.exe", "/u", "/d", "/c", "echo %USERPROFILE%"]

  @Test("the folder of Windows' user is asked for, with letters that no code page keeps")
  func home() throws {
    let host = try host()
    let found = programs(host, askHome, wide("C:\\Users\\Jürgen Müller\r\n"))
    #expect(try found.home() == "/mnt/c/Users/Jürgen Müller")
  }

  @Test(
    "an answer that names no folder here is refused in words",
    arguments: [
      "%USERPROFILE%\r\n", "", "D:\\Users\\me\r\n", "C:\\Users\\nobody\r\n", "\\\\server\\me\r\n",
    ])
  func noHome(answer: String) throws {
    let host = try host()
    let error = #expect(throws: PawlError.self) {
      try programs(host, askHome, wide(answer)).home()
    }
    #expect(error?.code == .refused)
    #expect(error?.hint?.isEmpty == false)
  }

  @Test("the version of WSL is read in any language, and told from one that has none")
  func versions() throws {
    let host = try host()
    let texts: [(String, [Int]?)] = [
      ("WSL version: 2.5.9.0\r\nKernel version: 6.6.87.2-1\r\n", [2, 5, 9, 0]),
      ("WSL-Version: 2.4.13.0\r\n", [2, 4, 13, 0]), ("WSL バージョン: 2.6.1.0\r\n", [2, 6, 1, 0]),
      ("Version WSL : 2.9.8.0\r\n", [2, 9, 8, 0]), ("Copyright (c) Microsoft\r\n", nil), ("", nil),
    ]
    for (text, parts) in texts {
      let found = programs(
        host, ["wsl.exe", "--version"], wide(text), status: parts == nil ? -1 : 0)
      #expect(try found.version()?.parts == parts, "\(text)")
    }
    #expect(WSLVersion([2, 5, 1, 0]).hasModulesDisk)
    #expect(!WSLVersion([2, 4, 13, 0]).hasModulesDisk)
    #expect(WSLVersion([2, 10, 0]) > WSLVersion([2, 9, 8]))
  }

  @Test("interop that is off, a drive that is not mounted and a program of Linux are refused")
  func refused() throws {
    let off = try host(interop: false)
    try off.write("/proc/sys/fs/binfmt_misc/status", "enabled\n")
    let unmounted = try host(mounts: "")
    let another = try host()
    try another.write("/mnt/c/Windows/System32/wsl.exe", "#!/bin/sh\nid\n")
    for (host, word) in [
      (off, "interop"), (unmounted, "not mounted"), (another, "no program of Windows"),
    ] {
      let error = #expect(throws: PawlError.self) {
        try programs(host, ["wsl.exe", "--shutdown"], []).shutDown()
      }
      #expect(error?.message.contains(word) == true, "\(word)")
      #expect(error?.code == .refused)
    }
  }

  @Test("a path of Windows is one on a drive, and is found where the drive is mounted")
  func paths() throws {
    let side = WindowsSide.detect(root: try host().root)
    #expect(WindowsPath("c:/Users/me/").map(\.text) == "C:\\Users\\me")
    for bad in ["Users\\me", "C:me", "\\\\server\\share", "C:\\a\\..\\b", "C:\\a|b", "", "1:\\x"] {
      #expect(WindowsPath(bad) == nil, "\(bad)")
    }
    let path = try #require(WindowsPath("C:\\Users\\me"))
    #expect(side.place(of: path) == "/mnt/c/Users/me")
    #expect(side.windowsPath(of: "/mnt/c/Users/me") == path)
    #expect(side.windowsPath(of: "/mnt/cc/Users") == nil)
    #expect(side.windowsPath(of: "/home/me") == nil)
  }
}

/// One program with one answer; another argument, or another folder, cannot be started.
struct CannedBytes: HostProcesses {
  let argv: [String]
  let directory: String
  let bytes: [UInt8]
  let status: Int32

  func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective) throws
    -> ExitReport
  {
    guard request.argv == argv, request.directory == directory else {
      return ExitReport(.notStarted("it has no such argument"), millis: 0)
    }
    _ = try watch(ProcessTick(output: bytes, skipped: 0, millis: 1, hasEnded: true))
    return ExitReport(.exited(status), millis: 1)
  }

  func survivors(token: String) -> [Survivor] { [] }
  func endSurvivors(token: String, seconds: Int) -> Bool { true }
  func awaitSurvivors(token: String, seconds: Int) -> Bool { true }
  func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] { [] }
  func removeSpool(_ spool: String) {}
}

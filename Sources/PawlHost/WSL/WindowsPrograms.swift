import Foundation
import Glibc
import PawlModel

/// Programs of Windows, started from WSL by its interop. They run as the person who is logged in to
/// Windows, whoever starts them.
public struct WindowsPrograms {
  private let side: WindowsSide
  private let root: HostRoot
  private let output: ToolOutput

  public init(side: WindowsSide, root: HostRoot, output: ToolOutput) {
    self.side = side
    self.root = root
    self.output = output
  }

  /// On the system that runs. Root runs them as nobody: a drive of Windows looks as though anybody could
  /// put another program there, and to Windows it is the same.
  public static func live(processes: any HostProcesses) -> WindowsPrograms {
    let me = LiveHost.ownIdentity()
    return WindowsPrograms(
      side: .detect(root: .live), root: .live,
      output: ToolOutput(
        processes: processes, identity: me.isRoot ? nobody : me, environment: environment,
        spool: NSTemporaryDirectory() + "pawl-windows-\(getpid())-\(UUID().uuidString)"))
  }

  private static let nobody = Identity(
    uid: 65534, gid: 65534, groups: [65534], name: "nobody", home: "/")

  /// Services and sudo lose the name of the socket that interop goes through; the newest one is of a
  /// session that is alive. (WSL#5065)
  private static var environment: [String: String] {
    var environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
    let folder = "/run/WSL"
    let sockets = (HostRoot.live.list(folder).value ?? []).filter { $0.hasSuffix("_interop") }
    let newest = sockets.compactMap { name in Int(name.dropLast("_interop".count)) }.max()
    environment["WSL_INTEROP"] =
      ProcessInfo.processInfo.environment["WSL_INTEROP"] ?? newest.map { "\(folder)/\($0)_interop" }
    return environment
  }

  /// Where Windows keeps the files of the person whose it is, as Linux sees it. Asked of Windows:
  /// it need not be below C:\Users, nor be named like the Linux user.
  /// Throws `refused` with what to give instead.
  public func home() throws(PawlError) -> String {
    let hint = "Give it: --set windows_home=/mnt/c/Users/NAME"
    let text = try ask(["cmd.exe", "/u", "/d", "/c", "echo %USERPROFILE%"], hint: hint)
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    guard let path = WindowsPath(line.trimmingWhitespace()) else {
      throw PawlError(
        .refused, "Windows answers \"\(HostText.line(line, limit: 120))\" for its user's folder.",
        hint: hint)
    }
    guard let place = side.place(of: path) else {
      throw PawlError(
        .refused,
        "\(path.text) is the folder of Windows' user, and drive \(path.drive): is not mounted.",
        hint: "Mount it: sudo mount -t drvfs \(path.drive): /mnt/\(path.drive.lowercased())")
    }
    guard root.kind(place).value == .folder else {
      throw PawlError(
        .refused, "\(path.text) is the folder of Windows' user, and \(place) is no folder.",
        hint: hint)
    }
    return place
  }

  /// nil for the WSL that is part of Windows, and has no version of its own.
  /// Throws `refused` where it cannot be asked.
  public func version() throws(PawlError) -> WSLVersion? {
    // The WSL of Windows does not know the option and says how it is used, with another status.
    let text = try ask(
      ["wsl.exe", "--version"], accepting: nil,
      hint: "Is interop on? See [interop] in /etc/wsl.conf.")
    return WSLVersion(versionText: text)
  }

  /// Ends every distribution and the virtual machine that all of them run in; where that succeeds,
  /// the caller ends with it and this returns no more.
  public func shutDown() throws(PawlError) {
    _ = try ask(
      ["wsl.exe", "--shutdown"],
      hint: "Run it in Windows yourself: wsl --shutdown. Then open WSL again; the plan goes on.")
  }

  // MARK: - Asking

  private func ask(
    _ argv: [String], accepting statuses: Set<Int32>? = [0], hint: String
  ) throws(PawlError) -> String {
    let name = argv.first ?? ""
    guard side.interop != false else {
      throw PawlError(
        .refused, "Programs of Windows cannot be started from here: interop is off.",
        hint: hint)
    }
    guard let windows = side.onSystemDrive("Windows") else {
      throw PawlError(
        .refused, "Drive C: of Windows is not mounted here, so that \(name) cannot be found.",
        hint: hint)
    }
    let program = "\(windows)/System32/\(name)"
    guard isOfWindows(program) else {
      throw PawlError(.refused, "\(program) is no program of Windows.", hint: hint)
    }
    // From a folder of Linux, cmd.exe complains and goes elsewhere.
    let answer = output.bytes(
      [root.path(program)] + argv.dropFirst(), in: root.path(windows), accepting: statuses,
      seconds: 120)
    switch answer {
    case .present(let bytes): return Self.decode(bytes)
    case .absent: return ""
    case .unreadable(let reason):
      throw PawlError(.refused, "\(name) gave no answer: \(reason).", hint: hint)
    }
  }

  private func isOfWindows(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: root.path(path)) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 2)) == Data("MZ".utf8)
  }

  /// wsl.exe writes UTF-16, cmd.exe with /u too.
  static func decode(_ bytes: [UInt8]) -> String {
    let isMarked = bytes.starts(with: [0xff, 0xfe])
    let looksWide = bytes.count >= 2 && bytes.count % 2 == 0 && bytes.contains(0)
    guard isMarked || looksWide else { return String(decoding: bytes, as: UTF8.self) }
    let units = stride(from: isMarked ? 2 : 0, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return String(decoding: units, as: UTF16.self)
  }
}

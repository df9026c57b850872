import Foundation
import HostContract
import PawlHost
import PawlModel

/// What every fixture of a boot loader has: a system below `root`, and programs beside it that stand
/// for the real ones and write down what they were asked.
final class LoaderGround: Sendable {
  static let running = "6.1.0-40-amd64"
  static let new = "6.1.0-pawl1"
  static let commandLine = "root=UUID=3f0c ro quiet console=ttyS0,115200"

  private let folder: TemporaryFolder
  let root: HostRoot

  init() throws {
    folder = try TemporaryFolder()
    root = HostRoot(path: folder("root"))
    for release in [Self.running, Self.new] {
      try lay("/boot/vmlinuz-\(release)", "image of \(release)")
      try lay("/boot/initrd.img-\(release)", "initrd of \(release)")
    }
    try lay("/proc/sys/kernel/osrelease", Self.running + "\n")
  }

  func lay(_ path: String, _ text: String) throws { try lay(path, Array(text.utf8)) }

  func lay(_ path: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: root.path(path))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: root.path(path))
  }

  func text(_ path: String) throws -> String {
    try String(contentsOfFile: root.path(path), encoding: .utf8)
  }

  /// A program on the fixture's PATH.
  func addProgram(_ name: String, _ script: String) throws {
    let place = folder("programs/\(name)")
    try FileManager.default.createDirectory(
      atPath: folder("programs"), withIntermediateDirectories: true)
    let start = "#!/bin/sh\nset -eu\nprintf '%s\\n' \"\(name) $*\" >>\"$FIXTURE_RECORD\"\n"
    try (start + script).write(toFile: place + ".text", atomically: true, encoding: .utf8)
    // By another process: a child that another test forks meanwhile would hold the file open for
    // writing, and nobody could start it ("Text file busy").
    guard Shell.run("install", "-m", "0755", place + ".text", place) == 0 else {
      throw PawlError(.cannotCreate, "The program \(place) could not be made.")
    }
    try lay("/usr/bin/\(name)", "")
  }

  /// What the programs were asked, the fixture's path left out.
  var record: [String] {
    let text = (try? String(contentsOfFile: folder("record"), encoding: .utf8)) ?? ""
    return text.replacingOccurrences(of: root.path, with: "").split(separator: "\n").map(
      String.init)
  }

  private var environment: [String: String] {
    [
      "PATH": "\(folder("programs")):/usr/bin:/bin", "FIXTURE_ROOT": root.path,
      "FIXTURE_RECORD": folder("record"),
    ]
  }

  func output(processes: any HostProcesses) -> ToolOutput {
    ToolOutput(
      processes: processes, identity: LiveHost.ownIdentity(), environment: environment,
      spool: folder("looking"))
  }

  func tool(processes: any HostProcesses, adding own: [String: String] = [:]) -> Tool {
    Tool(
      processes: processes, identity: LiveHost.ownIdentity(),
      environment: environment.merging(own) { _, new in new }, spool: folder("spool"))
  }
}

/// Looks at something before each program.
final class WatchedPrograms: HostProcesses {
  private let look: () -> Bool
  private let host = LiveHost()
  private(set) var seen: [Bool] = []

  init(_ look: @escaping () -> Bool) { self.look = look }

  func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective) throws
    -> ExitReport
  {
    seen.append(look())
    return try host.run(request, watch: watch)
  }

  func survivors(token: String) -> [Survivor] { [] }
  func endSurvivors(token: String, seconds: Int) -> Bool { true }
  func awaitSurvivors(token: String, seconds: Int) -> Bool { true }
  func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] { [] }
  func removeSpool(_ spool: String) { host.removeSpool(spool) }
}

/// A line of mountinfo.
func mountLine(
  _ number: Int, _ mountPoint: String, type: String, options: String = "rw", root: String = "/"
) -> String {
  "\(20 + number) 1 8:\(number) \(root) \(mountPoint) \(options) - \(type) /dev/sda\(number) rw\n"
}

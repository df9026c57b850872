import Foundation
import Glibc
import PawlModel

/// Starts a kernel in an emulator before the host's boot menu knows of it: can this image start at
/// all? Nothing of the host is in there but the image, and the initramfs where one is named; no
/// disk, no network. What it proves is little, and what it disproves is certain.
public struct Preboot {
  public let image: String
  /// Unpacked as well, in front of Pawl's own; its programs are not run.
  public let initrd: String?
  public let release: String
  public let memoryMiB: Int
  public let seconds: Int

  public init(
    image: String, initrd: String? = nil, release: String, memoryMiB: Int? = nil,
    seconds: Int = 300
  ) {
    self.image = image
    self.initrd = initrd
    self.release = release
    // An initramfs is there packed and unpacked at once.
    let packed = initrd.flatMap { LiveHost.size(of: $0) }.map { Int($0 >> 20) } ?? 0
    self.memoryMiB = memoryMiB ?? 256 + 6 * packed
    self.seconds = seconds
  }

  public static let emulator = "qemu-system-x86_64"

  /// Its path; nil where it is not installed, and on machines whose kernels it does not start.
  public static func installedEmulator(
    in folders: [String] = ["/usr/local/bin", "/usr/bin", "/bin"]
  ) -> String? {
    #if arch(x86_64)
      return folders.map { "\($0)/\(emulator)" }.first { access($0, X_OK) == 0 }
    #else
      return nil
    #endif
  }

  /// What it said, and a verdict. Throws where the emulator could not be run.
  public func run(
    emulator: String, processes: any HostProcesses, identity: Identity,
    environment: [String: String], folder: String
  ) throws -> (verdict: PrebootVerdict, console: String) {
    guard LiveHost.size(of: image) ?? 0 > 0 else {
      throw PawlError(
        .noInput, "There is no kernel image at \(image), or it is empty.",
        hint: "Look at the step that made it.")
    }
    let mark = "\(folder)/pawl-preboot-\(getpid())-\(UUID().uuidString)"
    let archive = mark + ".cpio"
    defer { unlink(archive) }
    try writeArchive(to: archive)
    let request = ProcessRequest(
      argv: argv(emulator: emulator, archive: archive), environment: environment,
      identity: identity, timeoutSeconds: seconds, token: environment["PAWL_ATTEMPT"] ?? mark,
      spool: mark + ".out")
    defer { processes.removeSpool(request.spool) }
    var console: [UInt8] = []
    var verdict: PrebootVerdict?
    let report = try processes.run(request) { tick in
      console += tick.output
      if console.count > Self.limit { console.removeFirst(console.count - Self.limit) }
      guard verdict == nil else { return .stop }
      verdict = self.verdict(console, hasEnded: tick.hasEnded)
      return verdict == nil ? .goOn : .stop
    }
    let text = String(decoding: console, as: UTF8.self).replacing("\r", with: "")
    if case .notStarted(let why) = report.ending { throw Self.unusable(why) }
    if case .exited(let status) = report.ending, status != 0, verdict ?? .silent == .silent {
      throw Self.unusable(HostText.line(text.split(separator: "\n").last.map(String.init) ?? ""))
    }
    return (verdict ?? self.verdict(console, hasEnded: true) ?? .silent, text)
  }

  private static let limit = 4 << 20

  private func verdict(_ console: [UInt8], hasEnded: Bool) -> PrebootVerdict? {
    PrebootVerdict(
      console: String(decoding: console, as: UTF8.self), release: release, hasEnded: hasEnded)
  }

  private static func unusable(_ why: String) -> PawlError {
    PawlError(
      .stepFailed, "The emulator could not be used: \(why).",
      hint: "Leave this step out, or mend the emulator.")
  }

  /// Without `no_timer_check` a kernel gives up on a machine whose timer comes late, as an emulated
  /// one's does on a busy host.
  private static let commandLine =
    "console=ttyS0,115200 earlyprintk=serial,ttyS0,115200 panic=-1 oops=panic loglevel=7 "
    + "no_timer_check"

  func argv(emulator: String, archive: String) -> [String] {
    [
      emulator, "-accel", "tcg", "-cpu", "max", "-m", "\(memoryMiB)", "-nodefaults", "-nic",
      "none", "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", image, "-initrd",
      archive, "-append",
      Self.commandLine,
    ]
  }

  /// The kernel wants every archive to begin at a multiple of four.
  private func writeArchive(to path: String) throws {
    var bytes: [UInt8] = []
    if let initrd {
      bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: initrd)))
      while bytes.count % 4 != 0 { bytes.append(0) }
    }
    try Data(bytes + TinyInitramfs.archive()).write(to: URL(fileURLWithPath: path))
  }
}

extension Preboot {
  /// Throws, with what to do, unless the verdict is a good one. Returns a sentence for the log.
  public func judge(_ verdict: PrebootVerdict, hasSerialConsole: Bool?) throws(PawlError) -> String
  {
    switch verdict {
    case .startsPrograms:
      return "\(release) starts in an emulator and runs its first program"
        + (initrd.map { "; it can unpack \($0)." } ?? ".")
    case .looksForRoot where initrd == nil:
      return "\(release) starts in an emulator and looks for its root file system; it has no "
        + "support for an initramfs."
    case .silent where hasSerialConsole == false:
      return "\(release) has no serial console (SERIAL_8250_CONSOLE), so that an emulator tells "
        + "nothing of it."
    case .looksForRoot: throw refusal("it cannot use an initramfs, and is to have one")
    case .otherRelease(let found):
      throw refusal("the image is another kernel, \(HostText.line(found, limit: 80))")
    case .failed(let words): throw refusal("it said: \"\(words)\"")
    case .stuck(let words):
      throw refusal("after \(seconds) s it had not come to its end; last it said: \"\(words)\"")
    case .silent: throw refusal("it said nothing at all; the image may be torn")
    }
  }

  private func refusal(_ why: String) -> PawlError {
    PawlError(
      .stepFailed, "\(image) does not start in an emulator as \(release): \(why).",
      hint: "The host was not touched. Look at the whole console in the log of this step.")
  }
}

import CPawl
import Glibc
import PawlModel

extension LiveHost {
  public func survivors(token: String) -> [Survivor] {
    SurvivorSearch(token: token).all().map { Survivor(pid: $0, name: SurvivorSearch.name(of: $0)) }
  }

  public func endSurvivors(token: String, seconds: Int) -> Bool {
    SurvivorSearch(token: token).waitUntilGone(seconds: seconds, signal: SIGKILL)
  }

  public func awaitSurvivors(token: String, seconds: Int) -> Bool {
    SurvivorSearch(token: token).waitUntilGone(seconds: seconds, signal: nil)
  }
}

/// Finds processes by what the kernel holds of their environment at their start. One that was
/// given another environment, or that this process may not look into, is not found.
struct SurvivorSearch {
  private let entry: [UInt8]

  init(token: String) { entry = Array("\(attemptVariable)=\(token)".utf8) }

  func all() -> [pid_t] {
    let own = getpid()
    return ProcessGroup.allProcesses().filter { $0 != own && carriesToken($0) }
  }

  static func name(of pid: pid_t) -> String { smallFile("/proc/\(pid)/comm") ?? "?" }

  /// Waits for the processes themselves. What they start meanwhile carries the token as well, so
  /// the search is repeated until it finds nothing.
  func waitUntilGone(seconds: Int, signal: Int32?) -> Bool {
    let end = milliseconds(CLOCK_MONOTONIC) + Int64(clamping: seconds) * 1000
    while true {
      let found = all()
      if found.isEmpty { return true }
      let handles = found.compactMap { handle(on: $0, signal: signal) }
      let left = end - milliseconds(CLOCK_MONOTONIC)
      guard left > 0 else { return all().isEmpty }
      // Each in turn: all of them have to go. A process without a handle is looked for again.
      if handles.isEmpty { usleep(20_000) }
      for handle in handles {
        let rest = end - milliseconds(CLOCK_MONOTONIC)
        _ = awaitReadable([handle.raw], milliseconds: signal == nil ? rest : min(rest, 1000))
      }
    }
  }

  /// The handle pins the process; only then is it looked at again and signalled, so that a pid
  /// that was given to somebody else meanwhile is not hit.
  private func handle(on pid: pid_t, signal: Int32?) -> Descriptor? {
    let opened = pawl_pidfd_open(pid)
    if isUnsupported(-opened) {
      if let signal, carriesToken(pid) { kill(pid, signal) }
      return nil
    }
    guard opened >= 0, let handle = try? Descriptor(taking: opened, "watch", "\(pid)"),
      carriesToken(pid)
    else { return nil }
    if let signal { _ = pawl_pidfd_signal(handle.raw, signal) }
    return handle
  }

  private func carriesToken(_ pid: pid_t) -> Bool {
    var found = environment(of: pid)
    // A program that is just being begun has none yet; it does not run until it has.
    for _ in 0..<200 where found.isEmpty && SurvivorSearch.isBeginning(pid) {
      usleep(5000)
      found = environment(of: pid)
    }
    return found.split(separator: 0).contains { $0.elementsEqual(entry) }
  }

  /// It has memory, and the kernel has not laid out its environment yet: `env_end`, the 51st field
  /// of proc(5), is 0. An environment without variables ends where it begins, which is not at 0.
  private static func isBeginning(_ pid: pid_t) -> Bool {
    var byte: CChar = 0
    guard readlink("/proc/\(pid)/exe", &byte, 1) > 0, let line = smallFile("/proc/\(pid)/stat"),
      let end = line.lastIndex(of: ")")
    else { return false }
    let fields = line[line.index(after: end)...].split(separator: " ")
    return fields.count > 48 && fields[48] == "0"
  }

  private func environment(of pid: pid_t) -> [UInt8] {
    let path = "/proc/\(pid)/environ"
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0, let file = try? Descriptor(taking: opened, "read", path) else { return [] }
    var environment: [UInt8] = []
    // The kernel's bound on arguments and environment together is a few megabytes.
    while environment.count < 8 << 20,
      let bytes = try? file.read(from: Int64(environment.count), limit: 65536, path: path),
      !bytes.isEmpty
    { environment += bytes }
    return environment
  }
}

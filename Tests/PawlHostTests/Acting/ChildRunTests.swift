import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite struct ChildRunTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()

  init() throws { folder = try TemporaryFolder() }

  private func request(_ argv: [String], seconds: Int = 60) -> ProcessRequest {
    ProcessRequest(
      argv: argv, environment: ["PATH": "/usr/bin:/bin"], identity: own, timeoutSeconds: seconds,
      token: "t-\(UInt64.random(in: .min ... .max))", spool: folder("spool"))
  }

  private func output(_ request: ProcessRequest) throws -> String {
    var bytes: [UInt8] = []
    _ = try host.run(request) {
      bytes += $0.output
      return .goOn
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("a child gets exactly the given environment and its attempt's token")
  func environment() throws {
    var wanted = request(["env"])
    wanted.environment["LANG"] = "C"
    let lines = try output(wanted).split(separator: "\n").sorted()
    #expect(lines == ["LANG=C", "PATH=/usr/bin:/bin", "PAWL_ATTEMPT=\(wanted.token)"])
  }

  @Test("a child has an empty input, its output, and no other descriptor")
  func descriptors() throws {
    let inherited = open("/dev/null", O_RDONLY)
    defer { close(inherited) }
    let text = try output(
      request(["sh", "-c", "cat; ls /proc/$$/fd"]))
    #expect(text.split(separator: "\n") == ["0", "1", "2"])
  }

  @Test("a child leaves no descriptor behind in the process that ran it")
  func noDescriptorLeft() throws {
    for _ in 0..<5 { _ = try output(request(["echo", "one more"])) }
    let own = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    let open = own.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    #expect(open.filter { $0.hasPrefix(folder.path) } == [])
  }

  @Test("a child leads a process group of its own, with default signals")
  func group() throws {
    let text = try output(
      request(["sh", "-c", "echo $$; cut -d' ' -f5 /proc/$$/stat; grep SigIgn /proc/$$/status >&2"])
    )
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == lines[1])
    // glibc keeps two signals of its own (32 and 33) ignored in what it starts.
    let ignored = lines.last?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
    #expect(ignored.map { $0 & ~0x1_8000_0000 } == 0)
  }

  @Test("the folder of a request is the child's folder, and has to exist")
  func directory() throws {
    var wanted = request(["pwd"])
    wanted.directory = folder.path
    #expect(try output(wanted) == folder.path + "\n")
    wanted.directory = folder("no")
    let report = try host.run(wanted) { _ in .goOn }
    #expect(report.ending == .notStarted("The folder \(folder("no")) does not exist."))
  }

  @Test("a stop ends the whole group, also what ignores the first signal")
  func wholeGroup() throws {
    let script = "(trap '' TERM; exec sleep 61) & echo $!; exec sleep 62"
    var grandchild: pid_t?
    let report = try host.run(request(["sh", "-c", script])) { tick in
      let text = String(decoding: tick.output, as: UTF8.self)
      if let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) { grandchild = pid }
      return grandchild == nil ? .goOn : .stop
    }
    #expect(report.ending == .stopped)
    let pid = try #require(grandchild)
    usleep(50_000)
    #expect(isGone(pid))
  }

  @Test("a stop leaves the rest of the group its seconds, after the leader is gone")
  func rest() throws {
    let child = "trap 'sleep 0.4; echo tidied; exit' TERM; echo ready; while :; do sleep 0.05; done"
    var wanted = request(["sh", "-c", "sh -c \"$CHILD\" & exec sleep 62"])
    wanted.environment["CHILD"] = child
    var text = ""
    let report = try host.run(wanted) { tick in
      text += String(decoding: tick.output, as: UTF8.self)
      return text.contains("ready") ? .stop : .goOn
    }
    #expect(report.ending == .stopped)
    #expect(text.hasPrefix("ready\n") && text.hasSuffix("tidied\n"))
  }

  /// Ended, even where nobody in this container reaps orphans.
  private func isGone(_ pid: pid_t) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
      return true
    }
    return stat.contains(") Z ")
  }

  @Test("a watcher that fails ends the child, and its error is handed on")
  func failingWatcher() throws {
    var calls = 0
    let began = Date()
    let error = refusal {
      _ = try host.run(request(["sleep", "60"])) { _ in
        calls += 1
        throw PawlError(.diskFull, "the journal is full")
      }
    }
    #expect(error?.code == .diskFull)
    #expect(calls == 1)
    #expect(Date().timeIntervalSince(began) < 3)
  }

  @Test("a death by signal is told as such")
  func signalled() throws {
    let report = try host.run(request(["sh", "-c", "kill -9 $$"])) { _ in .goOn }
    #expect(report.ending == .signalled(SIGKILL))
  }

  @Test("every byte of moderate output arrives, in order, in pieces of 1 MiB at most")
  func moderateOutput() throws {
    var total: Int64 = 0
    var skipped: Int64 = 0
    var largest = 0
    var last = ""
    _ = try host.run(request(["seq", "500000"])) { tick in
      total += Int64(tick.output.count)
      skipped += tick.skipped
      largest = max(largest, tick.output.count)
      // On a busy host all of it is there before the end is seen, whose own piece is empty then.
      last = String((last + String(decoding: tick.output.suffix(7), as: UTF8.self)).suffix(7))
      return .goOn
    }
    #expect(total + skipped == 3_388_895)
    #expect(skipped == 0)
    #expect(largest <= 1 << 20)
    #expect(last == "500000\n")
  }

  @Test("output faster than it can be kept is skipped, counted, and its space given back")
  func floodOfOutput() throws {
    var total: Int64 = 0
    let report = try host.run(request(["head", "-c", "200000000", "/dev/zero"])) { tick in
      total += Int64(tick.output.count) + tick.skipped
      return .goOn
    }
    #expect(report.succeeded)
    #expect(total == 200_000_000)
    var found = stat()
    stat(folder("spool"), &found)
    // What was written between two looks may stay, not all of it.
    #expect(found.st_blocks * 512 < 150_000_000)
  }

  @Test("the spool can be read again from any offset, and is empty once removed")
  func spool() throws {
    let wanted = request(["printf", "0123456789"])
    _ = try host.run(wanted) { _ in .goOn }
    #expect(host.spooledOutput(wanted.spool, from: 4, limit: 3) == Array("456".utf8))
    #expect(host.spooledOutput(wanted.spool, from: 10, limit: 3) == [])
    host.removeSpool(wanted.spool)
    #expect(host.spooledOutput(wanted.spool, from: 0, limit: 3) == [])
  }

  @Test("the end of a child is noticed at once")
  func promptness() throws {
    let began = Date()
    for _ in 0..<50 { _ = try host.run(request(["/bin/true"])) { _ in .goOn } }
    #expect(Date().timeIntervalSince(began) < 2.5)
  }

  @Test("many callers wait at once without a thread of their own", arguments: 0..<16)
  func manyCallers(_ number: Int) throws {
    let text = try output(request(["sh", "-c", "sleep 0.2; echo \(number)"]))
    #expect(text == "\(number)\n")
  }

  @Test("root runs no program that another user can write", .enabled(if: isRoot, why))
  func untrusted() throws {
    try write("#!/bin/sh\n", at: folder("tool"))
    chmod(folder("tool"), 0o755)
    chmod(folder.path, 0o777)
    let report = try host.run(request([folder("tool")])) { _ in .goOn }
    guard case .notStarted(let sentence) = report.ending else {
      Issue.record("it ran: \(report)")
      return
    }
    #expect(sentence.contains("not run as root"))
  }

  @Test("a child of another user has that user's ids and no more", .enabled(if: isRoot, why))
  func otherUser() throws {
    var wanted = request(["id"])
    wanted.identity = stranger
    let text = try output(wanted)
    #expect(text.contains("uid=65534") && text.contains("gid=65534"))
    #expect(!text.contains("(root)"))
  }

  @Test(
    "without root a program of somebody else is not started", .enabled(if: !isRoot, "needs no root")
  )
  func notRoot() throws {
    var wanted = request(["id"])
    wanted.identity = .root
    let report = try host.run(wanted) { _ in .goOn }
    #expect(!report.succeeded)
  }
}

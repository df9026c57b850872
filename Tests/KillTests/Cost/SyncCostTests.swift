import Foundation
import PawlModel
import Testing

@Suite struct SyncCostTests {
  @Test(
    "two hundred steps cost two hundred syncs, and no program begins before the last is on record",
    .timeLimit(.minutes(15)))
  func oneSyncAStep() throws {
    try requireStrace()
    let place = try Workplace()
    let steps = (0..<200).map {
      StepText(id: "s\($0)", until: "0", effects: "none", command: "/bin/true")
    }
    let id = try place.plan(steps)
    let path = place.folder + "/calls"
    let calls = "trace=fdatasync,fsync,syncfs,sync,execve,exit_group"
    let runner = try Child(
      ["strace", "-f", "--seccomp-bpf", "-y", "-o", path, "-e", calls]
        + place.command(["runner", "\(id)"]),
      in: place.folder)
    #expect(try runner.wait(seconds: 240) == .exited(0), "\(runner.errors)")
    let trace = CallTrace(try String(contentsOfFile: path, encoding: .utf8))
    print("sync cost: \(trace.syncs) syncs for \(trace.programs) steps")
    #expect(trace.programs == 200)
    #expect((200...220).contains(trace.syncs))
    #expect(trace.unrecorded == [], "began before the last one's end was durable")
  }
}

/// What strace saw, in order: how often something was made durable, and when.
struct CallTrace {
  private(set) var syncs = 0
  private(set) var programs = 0
  /// Programs that began although no sync of the journal lies between them and the one before.
  private(set) var unrecorded: [String] = []
  private var owesSync = false
  private var runner: Substring?

  init(_ text: String) {
    for line in text.split(separator: "\n") { take(line) }
  }

  private mutating func take(_ line: Substring) {
    let process = line.prefix { $0 != " " }
    let call = line.dropFirst(process.count).drop { $0 == " " }
    guard let runner else {
      self.runner = process
      return
    }
    if isFinishedSync(call) {
      syncs += 1
      if call.contains("journal.db-wal>") || call.hasPrefix("<...") { owesSync = false }
    } else if call.hasPrefix("exit_group("), process != runner {
      owesSync = true
    } else if call.hasPrefix("execve(") {
      programs += 1
      if owesSync { unrecorded.append(String(line)) }
    }
  }

  private func isFinishedSync(_ call: Substring) -> Bool {
    call.hasSuffix("= 0")
      && ["fdatasync", "fsync", "syncfs", "sync"].contains {
        call.hasPrefix($0 + "(") || call.hasPrefix("<... \($0) resumed")
      }
  }
}

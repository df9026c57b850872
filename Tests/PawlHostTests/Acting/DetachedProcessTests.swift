import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite struct DetachedProcessTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func log(after condition: (String) -> Bool) -> String {
    for _ in 0..<200 {
      let text = (try? String(contentsOfFile: folder("log"), encoding: .utf8)) ?? ""
      if condition(text) { return text }
      usleep(20_000)
    }
    return ""
  }

  @Test("it leads a session of its own, with an empty input and no other descriptor")
  func session() throws {
    let script =
      "cat; cut -d' ' -f6 /proc/$$/stat; ls /proc/$$/fd; echo end >&2"
    let pid = try DetachedProcess.start(
      argv: ["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"],
      logPath: folder("log"))
    let lines = log { $0.hasSuffix("end\n") }.split(separator: "\n")
    #expect(lines == ["\(pid)", "0", "1", "2", "end"])
    var found = stat()
    stat(folder("log"), &found)
    #expect(found.st_mode & 0o777 == 0o600)
  }

  @Test("it leaves no zombie to its starter")
  func zombie() throws {
    let pid = try DetachedProcess.start(
      argv: ["/bin/true"], environment: [:], logPath: folder("log"))
    for _ in 0..<200 where kill(pid, 0) == 0 { usleep(10_000) }
    #expect(kill(pid, 0) != 0)
  }

  @Test("its starter can tell how it ended", arguments: [9, 15])
  func ending(signal: Int32) throws {
    let pid = try DetachedProcess.start(
      argv: ["/bin/sleep", "100"], environment: [:], logPath: folder("log"))
    #expect(DetachedProcess.ending(of: pid) == nil)
    kill(pid, signal)
    for _ in 0..<200 where DetachedProcess.ending(of: pid) == nil { usleep(10_000) }
    #expect(DetachedProcess.ending(of: pid) == .signalled(signal))
  }

  @Test("a program that is not there is an error at once")
  func missing() {
    let error = refusal {
      _ = try DetachedProcess.start(
        argv: ["/nowhere/pawl"], environment: [:], logPath: folder("log"))
    }
    #expect(error?.message.contains("/nowhere/pawl") == true)
  }
}

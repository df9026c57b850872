import Foundation
import PawlJournal
import Testing

@Suite("A journal shows from outside that something was recorded")
struct JournalTraceTests {
  private let path = NSTemporaryDirectory() + "pawl-trace-\(UUID().uuidString)"

  @Test("a write to the database or to its log changes the trace; a look does not")
  func changes() throws {
    defer { for end in ["", "-wal"] { unlink(path + end) } }
    let missing = JournalTrace(path: path)
    #expect(JournalTrace(path: path) == missing)
    var traces: Set<JournalTrace> = [missing]
    for file in [path, path + "-wal"] {
      try Data("a".utf8).write(to: URL(fileURLWithPath: file))
      #expect(traces.insert(JournalTrace(path: path)).inserted, "\(file) was made")
      try append(to: file)
      #expect(traces.insert(JournalTrace(path: path)).inserted, "\(file) was written to")
    }
    _ = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(traces.contains(JournalTrace(path: path)))
  }

  private func append(to file: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: file))
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("b".utf8))
  }
}

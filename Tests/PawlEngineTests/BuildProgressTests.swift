import PawlModel
import Testing

@testable import PawlEngine

@Suite("A build's progress is counted from what make says")
struct BuildProgressTests {
  @Test("compiled objects are counted, links and other lines are not")
  func countsObjects() {
    var progress = BuildProgress(before: nil)
    progress.take(
      Array("  CC      a.o\n  CC [M]  b.o\n  AS      c.o\n  LD      d.o\n  CCLD no\nmake: x\n".utf8)
    )
    #expect(progress.done == 3)
  }

  @Test("a line that comes in pieces is counted once")
  func piecesAreOneLine() {
    var progress = BuildProgress(before: nil)
    for byte in Array("  CC      a.o\n".utf8) { progress.take([byte]) }
    #expect(progress.done == 1)
  }

  @Test("a resumed build goes on from where the earlier attempt had come to")
  func resumedBuildsGoOn() {
    let before = Checkpoint(done: 300, expected: 690, basis: "tree", millis: 1000, outputBytes: 0)
    var progress = BuildProgress(before: before)
    progress.take(Array("  CC      a.o\n".utf8))
    let checkpoint = progress.checkpoint(millis: 500)
    #expect(checkpoint.done == 301)
    #expect(checkpoint.expected == 690)
    #expect(checkpoint.basis == "tree")
    #expect(checkpoint.millis == 1500)
  }
}

@Suite("A build's size is counted from what make would say")
struct EchoCounterTests {
  @Test(
    "each line that would announce an object counts once, in pieces of any size",
    arguments: [1, 7, 999])
  func countsAnnouncements(piece: Int) {
    let lines = """
      set -e; echo '  CC      a.o'; gcc -c a.c; echo '  CC      a.o'
        echo '  AS [M]  b.o'
      eecho '  CC [M]  c.o'
      echo '  LD      d.o'
      echo ' CC      no.o'
      echo '  CC
      """
    var counter = EchoCounter()
    var rest = Array(lines.utf8)[...]
    while !rest.isEmpty {
      counter.take(Array(rest.prefix(piece)))
      rest = rest.dropFirst(piece)
    }
    #expect(counter.count == 3)
  }
}

@Suite("Output beyond its bounds keeps its beginning and its end")
struct RingBufferTests {
  @Test("the last bytes are kept, whatever the sizes of the pieces", arguments: [1, 3, 7, 100])
  func keepsTheEnd(piece: Int) {
    let all = (0..<1000).map { UInt8($0 % 251) }
    var ring = RingBuffer(capacity: 64)
    var rest = all[...]
    while !rest.isEmpty {
      ring.append(rest.prefix(piece))
      rest = rest.dropFirst(piece)
    }
    #expect(ring.contents == Array(all.suffix(64)))
  }
}

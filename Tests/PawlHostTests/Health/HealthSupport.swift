import PawlModel

@testable import PawlHost

/// Programs with answers that are written down; whatever else is asked cannot be started.
struct CannedPrograms: HostProcesses {
  var answers: [[String]: (status: Int32, text: String)] = [:]

  func run(_ request: ProcessRequest, watch: (ProcessTick) throws -> ProcessDirective) throws
    -> ExitReport
  {
    guard let answer = answers[request.argv] else {
      return ExitReport(.notStarted("there is no such program"), millis: 0)
    }
    _ = try watch(
      ProcessTick(output: Array(answer.text.utf8), skipped: 0, millis: 1, hasEnded: true))
    return ExitReport(.exited(answer.status), millis: 1)
  }

  func survivors(token: String) -> [Survivor] { [] }
  func endSurvivors(token: String, seconds: Int) -> Bool { true }
  func awaitSurvivors(token: String, seconds: Int) -> Bool { true }
  func spooledOutput(_ spool: String, from offset: Int64, limit: Int) -> [UInt8] { [] }
  func removeSpool(_ spool: String) {}

  var tool: ToolOutput {
    ToolOutput(
      processes: self, identity: own, environment: ["PATH": "/usr/bin:/bin"], spool: "/nowhere")
  }
}

/// Builds the bytes of ELF files and notes.
struct ELFBytes {
  var bytes: [UInt8] = []
  let isLittleEndian: Bool

  mutating func add(_ value: Int, size: Int) {
    let digits = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    bytes += isLittleEndian ? digits : digits.reversed()
  }

  mutating func addNote(name: String, type: Int, _ content: [UInt8]) {
    add(name.utf8.count + 1, size: 4)
    add(content.count, size: 4)
    add(type, size: 4)
    bytes += Array(name.utf8) + [0]
    pad()
    bytes += content
    pad()
  }

  private mutating func pad() { while bytes.count % 4 != 0 { bytes.append(0) } }

  static func notes(isLittleEndian: Bool, buildID: [UInt8]) -> [UInt8] {
    var notes = ELFBytes(isLittleEndian: isLittleEndian)
    notes.addNote(name: "Xen", type: 3, [9, 9, 9])
    notes.addNote(name: "Linux", type: 0x100, Array("6.1.0\0".utf8))
    notes.addNote(name: "GNU", type: 3, buildID)
    return notes.bytes
  }

  /// A file with its notes at the end, named by a program header or by a section header.
  static func file(
    is64: Bool, isLittleEndian: Bool, bySection: Bool, buildID: [UInt8]
  ) -> [UInt8] {
    let notes = notes(isLittleEndian: isLittleEndian, buildID: buildID)
    let headerSize = is64 ? 64 : 52
    let entrySize = is64 ? (bySection ? 64 : 56) : (bySection ? 40 : 32)
    let word = is64 ? 8 : 4
    var file = ELFBytes(isLittleEndian: isLittleEndian)
    file.bytes = [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, isLittleEndian ? 1 : 2, 1]
    file.bytes += [UInt8](repeating: 0, count: 9)
    file.add(2, size: 2)
    file.add(62, size: 2)
    file.add(1, size: 4)
    file.add(0, size: word)
    file.add(bySection ? 0 : headerSize, size: word)
    file.add(bySection ? headerSize : 0, size: word)
    file.add(0, size: 4)
    file.add(headerSize, size: 2)
    for (size, count) in [(entrySize, bySection ? 0 : 1), (entrySize, bySection ? 1 : 0), (0, 0)] {
      file.add(size, size: 2)
      if (size, count) != (0, 0) { file.add(count, size: 2) }
    }
    file.addEntry(is64: is64, bySection: bySection, at: headerSize + entrySize, notes.count)
    return file.bytes + notes
  }

  private mutating func addEntry(is64: Bool, bySection: Bool, at offset: Int, _ count: Int) {
    let word = is64 ? 8 : 4
    if bySection {
      add(1, size: 4)
      add(7, size: 4)
      for value in [0, 0, offset, count] { add(value, size: word) }
      add(0, size: 4)
      add(0, size: 4)
      add(4, size: word)
      add(0, size: word)
    } else if is64 {
      add(4, size: 4)
      add(4, size: 4)
      for value in [offset, 0, 0, count, count, 4] { add(value, size: 8) }
    } else {
      for value in [4, offset, 0, 0, count, count, 4, 4] { add(value, size: 4) }
    }
  }
}

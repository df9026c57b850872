import Glibc
import PawlModel

/// The GNU build id of an ELF file such as `vmlinux`, whatever its size, word size and byte order;
/// only headers and notes are read.
public enum ELFBuildID {
  /// `absent` where no file stands at the path of the system below `root`; `unreadable` where it is
  /// no ELF file or has no build id.
  public static func read(_ absolute: String, root: HostRoot) -> Reading<String> {
    guard let place = root.resolve(absolute) else { return .unreadable("too many symbolic links") }
    switch PathReader.kind(place) {
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    case .present(.folder), .present(.other): return .unreadable("it is not a regular file")
    case .present(.file): break
    }
    let opened = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard opened >= 0 else { return PathReader.failure(errno) }
    do throws(PawlError) {
      let file = try Descriptor(taking: opened, "read", absolute)
      return try buildID(ELFFile(file: file, path: absolute))
    } catch { return .unreadable(error.message) }
  }

  private static func buildID(_ file: ELFFile) throws(PawlError) -> Reading<String> {
    guard let header = try file.header() else { return .unreadable("it is not an ELF file") }
    for table in [header.segments, header.sections] {
      for notes in try file.notes(table, header) {
        let bytes = try file.bytes(at: notes.offset, count: notes.size)
        let found = ELFNotes.buildID(
          in: bytes, isLittleEndian: header.isLittleEndian, alignment: notes.alignment)
        if let found { return .present(found) }
      }
    }
    return .unreadable("it has no build id")
  }
}

/// The parts of an ELF file (elf(5)) that lead to its notes.
private struct ELFFile {
  /// A table of equal entries: of program headers or of section headers.
  struct Table {
    let offset: Int
    let entrySize: Int
    let count: Int
    let shape: Shape
  }

  /// Where in an entry its fields are.
  struct Shape {
    let type, offset, size, alignment: Int
    let noteType: Int
    let length: Int
  }

  struct Header {
    let isLittleEndian: Bool
    let is64: Bool
    let segments: Table
    let sections: Table
  }

  struct Notes {
    let offset, size, alignment: Int
  }

  let file: Descriptor
  let path: String

  /// At most a mebibyte, less at the end of the file.
  func bytes(at offset: Int, count: Int) throws(PawlError) -> [UInt8] {
    var bytes: [UInt8] = []
    let wanted = min(count, 1 << 20)
    while bytes.count < wanted {
      let more = try file.read(
        from: Int64(offset + bytes.count), limit: wanted - bytes.count, path: path)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  func header() throws(PawlError) -> Header? {
    let bytes = try bytes(at: 0, count: 64)
    guard bytes.count >= 52, bytes[0..<4].elementsEqual([0x7f, 0x45, 0x4c, 0x46]),
      [1, 2].contains(bytes[4]), [1, 2].contains(bytes[5])
    else { return nil }
    let is64 = bytes[4] == 2
    let numbers = ELFNumbers(bytes: bytes, isLittleEndian: bytes[5] == 1)
    let segments = is64 ? numbers.long(32) : numbers.word(28)
    let sections = is64 ? numbers.long(40) : numbers.word(32)
    let counts = is64 ? 54 : 42
    guard let segments, let sections, let segmentSize = numbers.half(counts),
      let segmentCount = numbers.half(counts + 2), let sectionSize = numbers.half(counts + 4),
      let sectionCount = numbers.half(counts + 6)
    else { return nil }
    return Header(
      isLittleEndian: numbers.isLittleEndian, is64: is64,
      segments: Table(
        offset: segments, entrySize: segmentSize, count: segmentCount,
        shape: is64 ? segment64 : segment32),
      sections: Table(
        offset: sections, entrySize: sectionSize, count: sectionCount,
        shape: is64 ? section64 : section32))
  }

  /// The entries that hold notes, at most 64.
  func notes(_ table: Table, _ header: Header) throws(PawlError) -> [Notes] {
    let shape = table.shape
    guard table.offset > 0, table.entrySize >= shape.length else { return [] }
    let (end, overflow) = table.offset.addingReportingOverflow(table.entrySize * table.count)
    guard !overflow, end < Int.max >> 1 else { return [] }
    let numbers = ELFNumbers(
      bytes: try bytes(at: table.offset, count: table.entrySize * table.count),
      isLittleEndian: header.isLittleEndian)
    var found: [Notes] = []
    for index in 0..<table.count where found.count < 64 {
      let at = index * table.entrySize
      guard numbers.word(at + shape.type) == shape.noteType,
        let notes = notes(numbers, at, shape, header)
      else { continue }
      found.append(notes)
    }
    return found
  }

  private func notes(_ numbers: ELFNumbers, _ at: Int, _ shape: Shape, _ header: Header) -> Notes? {
    func field(_ offset: Int) -> Int? {
      header.is64 ? numbers.long(at + offset) : numbers.word(at + offset)
    }
    guard let offset = field(shape.offset), let size = field(shape.size),
      let alignment = field(shape.alignment), offset < Int.max >> 1
    else { return nil }
    return Notes(offset: offset, size: size, alignment: alignment)
  }
}

private let segment64 = ELFFile.Shape(
  type: 0, offset: 8, size: 32, alignment: 48, noteType: 4, length: 56)
private let segment32 = ELFFile.Shape(
  type: 0, offset: 4, size: 16, alignment: 28, noteType: 4, length: 32)
private let section64 = ELFFile.Shape(
  type: 4, offset: 24, size: 32, alignment: 48, noteType: 7, length: 64)
private let section32 = ELFFile.Shape(
  type: 4, offset: 16, size: 20, alignment: 32, noteType: 7, length: 40)

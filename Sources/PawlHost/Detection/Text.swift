extension StringProtocol {
  /// Without the spaces, tabs and line ends around it.
  func trimmingWhitespace() -> String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    guard let start = firstIndex(where: { !blank($0) }), let end = lastIndex(where: { !blank($0) })
    else { return "" }
    return String(self[start...end])
  }

  /// The parts between spaces and tabs.
  func words() -> [String] {
    split { (character: Character) in
      character == " " || character == "\t" || character.isNewline
    }.map { String($0) }
  }
}

extension Array where Element == UInt8 {
  /// Calls `body` with the bounds of each line, line end and carriage return left out.
  @inline(__always)
  func forEachLine(_ body: (UnsafeBufferPointer<UInt8>, Int, Int) -> Void) {
    withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        let next = end + 1
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        body(bytes, start, end)
        start = next
      }
    }
  }

  /// The lines as strings.
  func lines() -> [String] {
    var lines: [String] = []
    forEachLine { bytes, start, end in
      lines.append(String(decoding: bytes[start..<end], as: UTF8.self))
    }
    return lines
  }
}

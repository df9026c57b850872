import Glibc

// usage: noise BYTES LINE
// Prints BYTES bytes of short lines, with one line of LINE bytes in the middle of them.

private let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 2, let total = arguments.first, let long = arguments.last, long <= total
else {
  complain("usage: noise BYTES LINE")
  exit(64)
}

/// 64 KiB of text that compresses about as well as a compiler's messages do.
private func block(ofLines: Bool) -> [UInt8] {
  var generator = SystemRandomNumberGenerator()
  var bytes: [UInt8] = []
  while bytes.count < 64 << 10 {
    let number = UInt16.random(in: 0...UInt16.max, using: &generator)
    bytes += Array("drivers/net/ethernet/file\(number).c: warning: unused variable".utf8)
    bytes.append(ofLines ? UInt8(ascii: "\n") : UInt8(ascii: " "))
  }
  return Array(bytes.prefix(64 << 10))
}

private func put(_ count: Int, of block: [UInt8]) {
  var left = count
  while left > 0 {
    let written = write(STDOUT_FILENO, block, min(left, block.count))
    guard written > 0 else { exit(1) }
    left -= written
  }
}

private let lines = block(ofLines: true)
put((total - long) / 2, of: lines)
put(1, of: [UInt8(ascii: "\n")])
put(long, of: block(ofLines: false))
put(1, of: [UInt8(ascii: "\n")])
put((total - long + 1) / 2, of: lines)

/// To standard error.
private func complain(_ sentence: String) {
  let line = Array((sentence + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

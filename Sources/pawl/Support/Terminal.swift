import Glibc
import PawlModel

/// The person's terminal, opened by itself so that prompts reach a person and answers come from
/// one, whatever standard input and output are connected to.
struct Terminal {
  private let descriptor: Int32

  /// nil where there is no terminal: then nothing can be approved by typing.
  init?() {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    let opened = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard opened >= 0 else { return nil }
    descriptor = opened
  }

  func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// One line, without its newline. What was typed ahead is thrown away first, so that pasted
  /// lines cannot approve anything. nil at the end of input.
  func ask(_ prompt: String) -> String? {
    tcflush(descriptor, TCIFLUSH)
    write(prompt)
    var line: [UInt8] = []
    while line.count < 4096 {
      var byte: UInt8 = 0
      let count = read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return nil
  }

  func close() { _ = Glibc.close(descriptor) }
}

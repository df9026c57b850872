import Foundation
import Glibc
import PawlModel

/// A terminal as a person has it: what is typed goes in, what is shown comes out, and closing it
/// hangs up.
final class Pseudoterminal {
  /// The side of the programs.
  let path: String
  private var side: Int32
  private var shown: [UInt8] = []

  init() throws {
    side = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    var (locked, number): (Int32, Int32) = (0, 0)
    let isReady =
      ioctl(side, Pseudoterminal.setLock, &locked) == 0
      && ioctl(side, Pseudoterminal.getNumber, &number) == 0
    guard isReady else {
      throw PawlError(.internalFault, "no terminal: \(String(cString: strerror(errno)))")
    }
    path = "/dev/pts/\(number)"
  }

  /// TIOCSPTLCK and TIOCGPTN, which the C library's module leaves out.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  deinit { close() }

  func close() {
    if side >= 0 { Glibc.close(side) }
    side = -1
  }

  func type(_ text: String) {
    _ = text.withCString { write(side, $0, strlen($0)) }
  }

  /// Everything that was shown so far.
  var text: String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while side >= 0 {
      let count = read(side, &bytes, bytes.count)
      guard count > 0 else { break }
      shown += bytes.prefix(count)
    }
    return String(decoding: shown, as: UTF8.self)
  }

  func shows(_ wanted: String, seconds: Double = 30) throws -> Bool {
    try eventually(seconds: seconds) { text.contains(wanted) }
  }
}

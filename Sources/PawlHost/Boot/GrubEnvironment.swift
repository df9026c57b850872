import PawlModel

/// GRUB's environment block: a file of exactly 1024 bytes that the loader itself may write, `NAME=VALUE`
/// lines padded with `#` (lib/envblk.c).
public struct GrubEnvironment: Sendable, Hashable {
  public static let size = 1024
  static let header = "# GRUB Environment Block\n"

  public private(set) var values: [String: String] = [:]

  /// Throws `refused`, with what is wrong, for a block that GRUB would not write to.
  public init(_ bytes: [UInt8]) throws(PawlError) {
    guard bytes.count == Self.size else {
      throw Self.damaged("it has \(bytes.count) bytes and not \(Self.size)")
    }
    guard bytes.starts(with: Self.header.utf8) else {
      throw Self.damaged("its first line is wrong")
    }
    let text = bytes.dropFirst(Self.header.utf8.count)
    for line in Self.lines(text) {
      guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      values[String(decoding: line[..<sign], as: UTF8.self)] = Self.unescaped(line[(sign + 1)...])
    }
  }

  private static func damaged(_ why: String) -> PawlError {
    PawlError(
      .refused, "GRUB's environment block is damaged: \(why).",
      hint: "Make it anew: grub-editenv /boot/grub/grubenv create; on Fedora, RHEL and SUSE: "
        + "grub2-editenv /boot/grub2/grubenv create.")
  }

  /// Comments and padding left out. A newline that belongs to a value is escaped.
  private static func lines(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      if byte == UInt8(ascii: "\n"), !isEscaped {
        lines.append(line)
        line = []
      } else {
        line.append(byte)
      }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    return lines.filter { $0.first != UInt8(ascii: "#") }
  }

  private static func unescaped(_ bytes: some Sequence<UInt8>) -> String {
    var plain: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      if byte == UInt8(ascii: "\\"), !isEscaped {
        isEscaped = true
      } else {
        plain.append(byte)
        isEscaped = false
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

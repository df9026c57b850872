/// A SHA-256 value, written as 64 lower-case hexadecimal digits.
public struct Digest: Hashable, Sendable, Codable, CustomStringConvertible {
  public let hex: String

  /// `bytes` are the 32 bytes of a SHA-256.
  init(bytes: [UInt8]) {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      digits.append(hexDigits[Int(byte >> 4)])
      digits.append(hexDigits[Int(byte & 15)])
    }
    hex = String(decoding: digits, as: UTF8.self)
  }

  /// Reads a stored digest; nil where the text is not 64 lower-case hexadecimal digits.
  public init?(hex: String) {
    let wellFormed = hex.utf8.count == 64 && hex.utf8.allSatisfy(isHexDigit)
    guard wellFormed else { return nil }
    self.hex = hex
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest(hex: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a SHA-256: \(text)"))
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  public var description: String { hex }

  /// The first twelve digits, for eyes. The machine always compares all of them.
  public var short: String { String(hex.prefix(12)) }

  /// The hash before the first event of a journal.
  public static let zero = Digest(bytes: [UInt8](repeating: 0, count: 32))
}

private let hexDigits = Array("0123456789abcdef".utf8)

private func isHexDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
  default: false
  }
}

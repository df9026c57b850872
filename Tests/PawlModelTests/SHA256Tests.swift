import Testing

@testable import PawlModel

@Suite struct SHA256Tests {
  @Test(
    "SHA-256 gives the digests that NIST publishes",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func matchesVectors(_ text: String, _ expected: String) {
    #expect(SHA256.hash(text.utf8).hex == expected)
  }

  @Test("A million times the letter a gives NIST's digest, in uneven pieces")
  func matchesLongVector() {
    var hasher = SHA256()
    var left = 1_000_000
    var size = 1
    while left > 0 {
      let piece = min(size, left)
      hasher.update([UInt8](repeating: UInt8(ascii: "a"), count: piece))
      left -= piece
      size = size * 3 % 8191 + 1
    }
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(hasher.finish().hex == expected)
  }

  @Test("The digest is the same wherever the bytes are cut")
  func ignoresCuts() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for length in 0...bytes.count {
      let whole = SHA256.hash(bytes[..<length])
      for cut in stride(from: 0, through: length, by: 13) {
        var hasher = SHA256()
        hasher.update(bytes[..<cut])
        hasher.update(bytes[cut..<length])
        #expect(hasher.finish() == whole)
      }
    }
  }

  @Test("Only 64 lower-case hexadecimal digits are a digest")
  func readsHex() {
    #expect(Digest(hex: String(repeating: "0", count: 64)) == .zero)
    for bad in ["", String(repeating: "A", count: 64), String(repeating: "0", count: 63)] {
      #expect(Digest(hex: bad) == nil)
    }
  }
}

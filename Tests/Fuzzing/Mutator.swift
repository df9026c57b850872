/// What inputs are made of: put in at any place, and in the place of words.
public struct Vocabulary: Sendable {
  public var tokens: [String]
  public var words: [String]
  /// Opening and closing, to be nested deeply.
  public var pairs: [(String, String)]

  public init(tokens: [String], words: [String], pairs: [(String, String)]) {
    self.tokens = tokens
    self.words = words
    self.pairs = pairs
  }
}

/// Makes broken inputs of good ones, always the same ones for the same seed.
public struct Mutator {
  private var random: SplitMix
  private let vocabulary: Vocabulary

  public init(seed: UInt64, vocabulary: Vocabulary) {
    random = SplitMix(state: seed)
    self.vocabulary = vocabulary
  }

  public mutating func mutant(of inputs: [[UInt8]]) -> [UInt8] {
    guard var bytes = inputs.randomElement(using: &random) else { return [] }
    let other = inputs.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &random) { change(&bytes, other) }
    return Array(bytes.prefix(Self.mostBytes))
  }

  /// A little more than a mebibyte, which recipes may have.
  private static let mostBytes = (1 << 20) + 64

  private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<15: flip(&bytes)
    case 15..<30: replaceRange(of: &bytes, with: piece(of: other))
    case 30..<60:
      insert(Array((vocabulary.tokens.randomElement(using: &random) ?? "").utf8), into: &bytes)
    case 60..<70: replaceRange(of: &bytes, with: [])
    case 70..<85: replaceWord(&bytes)
    case 85..<92: duplicateLine(&bytes)
    case 92..<97: nest(&bytes)
    case 97: insertHuge(&bytes)
    default: replaceRange(of: &bytes, with: noise())
    }
  }

  // MARK: - Bytes

  private mutating func flip(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let index = Int.random(in: bytes.indices, using: &random)
      bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
  }

  private mutating func range(in bytes: [UInt8]) -> Range<Int> {
    let start = Int.random(in: 0...bytes.count, using: &random)
    let length = Int.random(in: 0...min(64, bytes.count - start), using: &random)
    return start..<start + length
  }

  private mutating func piece(of bytes: [UInt8]) -> [UInt8] { Array(bytes[range(in: bytes)]) }

  private mutating func replaceRange(of bytes: inout [UInt8], with new: [UInt8]) {
    bytes.replaceSubrange(range(in: bytes), with: new)
  }

  private mutating func insert(_ new: [UInt8], into bytes: inout [UInt8]) {
    bytes.insert(contentsOf: new, at: Int.random(in: 0...bytes.count, using: &random))
  }

  private mutating func noise() -> [UInt8] {
    (0..<Int.random(in: 1...32, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
  }

  // MARK: - Words

  private mutating func replaceWord(_ bytes: inout [UInt8]) {
    guard let start = bytes.indices.randomElement(using: &random) else { return }
    let ends: Set<UInt8> = Set(" ,:]}\n\"'".utf8)
    let end = bytes[start...].firstIndex { ends.contains($0) } ?? bytes.endIndex
    let words = vocabulary.words + vocabulary.tokens
    let word = words.randomElement(using: &random) ?? ""
    bytes.replaceSubrange(start..<end, with: Array(word.utf8))
  }

  private mutating func duplicateLine(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    guard let line = lines.randomElement(using: &random) else { return }
    lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
    bytes = Array(lines.joined(separator: [10]))
  }

  private mutating func nest(_ bytes: inout [UInt8]) {
    guard let (open, close) = vocabulary.pairs.randomElement(using: &random) else { return }
    let depths = [3, 31, 32, 33, 100, 1000, 10_000]
    let depth = depths.randomElement(using: &random) ?? 3
    let text =
      String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
    insert(Array(text.utf8), into: &bytes)
  }

  private mutating func insertHuge(_ bytes: inout [UInt8]) {
    let pieces = vocabulary.tokens + ["x", "é", "9", " "]
    let piece = pieces.randomElement(using: &random) ?? "x"
    let counts = [255, 4096, 4097, 65_536, 300_000]
    insert(
      Array(String(repeating: piece, count: counts.randomElement(using: &random) ?? 255).utf8),
      into: &bytes)
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

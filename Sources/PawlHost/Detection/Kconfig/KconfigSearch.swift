/// Looks for symbols that a tree does not have: near names, and other architectures.
enum KconfigSearch {
  /// Up to three names like `symbol`, the nearest first: a few letters changed, or the name with
  /// one more part in front or behind.
  static func near(_ symbol: String, among names: [String]) -> [String] {
    let wanted = Array(symbol.lowercased().utf8)
    guard !wanted.isEmpty else { return [] }
    let limit = max(2, wanted.count / 5)
    var scored: [(name: String, score: Int)] = []
    for name in names {
      let candidate = Array(name.utf8.map(lower))
      if abs(candidate.count - wanted.count) <= limit {
        let distance = distance(wanted, candidate, limit: limit)
        if distance <= limit {
          scored.append((name, distance))
          continue
        }
      }
      if wanted.count >= 4, candidate.count > wanted.count, holds(candidate, wanted) {
        scored.append((name, limit + candidate.count - wanted.count))
      }
    }
    return scored.sorted { ($0.score, $0.name) < ($1.score, $1.name) }.prefix(3).map(\.name)
  }

  /// The architectures, other than the tree's own, whose Kconfig files define `symbol`.
  static func architectures(defining symbol: String, tree: KconfigTree) -> [String] {
    let needle = Array("config \(symbol)\n".utf8)
    return (PathReader.list("\(tree.path)/arch").value ?? []).filter { folder in
      folder != tree.architecture && finds(needle, below: "\(tree.path)/arch/\(folder)", depth: 0)
    }
  }

  private static func finds(_ needle: [UInt8], below folder: String, depth: Int) -> Bool {
    for name in PathReader.list(folder).value ?? [] {
      let path = "\(folder)/\(name)"
      if name.hasPrefix("Kconfig") {
        if let bytes = PathReader.read(path, limit: 16 << 20).value,
          bytes.firstRange(of: needle) != nil
        {
          return true
        }
      } else if depth < 2, !name.contains("."), PathReader.kind(path).value == .folder,
        finds(needle, below: path, depth: depth + 1)
      {
        return true
      }
    }
    return false
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
  }

  /// `part` at the start or end of `whole`, with an underscore between.
  private static func holds(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
    let underscore = UInt8(ascii: "_")
    if whole.starts(with: part), whole[part.count] == underscore { return true }
    return whole.suffix(part.count).elementsEqual(part)
      && whole[whole.count - part.count - 1] == underscore
  }

  /// Levenshtein's distance, given up above `limit`.
  static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      var lowest = row[0]
      for (j, other) in right.enumerated() {
        let cost = letter == other ? diagonal : min(diagonal, row[j], row[j + 1]) + 1
        diagonal = row[j + 1]
        row[j + 1] = cost
        lowest = min(lowest, cost)
      }
      if lowest > limit { return limit + 1 }
    }
    return row[right.count]
  }
}

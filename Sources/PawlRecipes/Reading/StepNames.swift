import PawlModel

/// The ids of a recipe's steps, each once, with the place of the first use.
struct StepNames {
  private var places: [String: Position] = [:]

  /// The id as written, or derived from the label. Always answers, so that reading goes on.
  mutating func name(
    _ written: Text?, label: Text?, at position: Position, _ findings: inout Findings
  ) -> StepID {
    let id = written?.raw ?? StepNames.derived(from: label?.raw ?? "")
    let place = written?.position ?? label?.position ?? position
    if let written, !StepNames.isWellFormed(written.raw) {
      findings.error(
        place, "\"\(written.raw)\" cannot be a step's id.",
        "Use lower-case letters, digits, `-` and `_`, 64 at most.")
    }
    if id.isEmpty {
      if label != nil {
        findings.error(place, "No id can be made from this label.", "Add `id: …` to the step.")
      }
    } else if let first = places[id] {
      let how = written == nil ? " (made from its label)" : ""
      findings.error(
        place, "The id \"\(id)\"\(how) is that of the step in line \(first.line) too.",
        "Give this step another `id:`.")
    } else {
      places[id] = place
    }
    return StepID(id)
  }

  func contains(_ id: String) -> Bool { places[id] != nil }

  static func isWellFormed(_ id: String) -> Bool {
    guard (1...64).contains(id.utf8.count) else { return false }
    let isPlain = id.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
    }
    return isPlain && id.utf8.first != 45
  }

  /// Lower-case, with one dash for all that is neither letter nor digit.
  static func derived(from label: String) -> String {
    var words: [String] = [""]
    for byte in label.lowercased().utf8 {
      let keeps = (97...122).contains(byte) || (48...57).contains(byte)
      if keeps {
        words[words.count - 1].unicodeScalars.append(Unicode.Scalar(byte))
      } else if words.last != "" {
        words.append("")
      }
    }
    let joined = words.filter { !$0.isEmpty }.joined(separator: "-")
    let cut = joined.prefix(64)
    return String(cut.hasSuffix("-") ? cut.dropLast() : cut)
  }
}

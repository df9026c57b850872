import PawlModel

/// What is left of a boot that failed.
public struct BootEvidence: Sendable, Hashable, Codable {
  public struct Piece: Sendable, Hashable, Codable {
    /// Where it was found: a path, or the program that told it.
    public var name: String
    /// The last 64 KiB, harmless to show.
    public var text: String

    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  public var pieces: [Piece]
  /// A watchdog that says that it ended the boot before this one.
  public var resetBy: String?

  public init(pieces: [Piece], resetBy: String? = nil) {
    self.pieces = pieces
    self.resetBy = resetBy
  }

  /// One paragraph for a person: what happened as far as it can be told.
  public var summary: String {
    var sentences = [known ?? unknown]
    if let resetBy {
      sentences.append("The watchdog \(HostText.line(resetBy, limit: 80)) reset the host.")
    }
    return sentences.joined(separator: " ")
  }

  private var known: String? {
    for sign in CrashSign.all {
      for piece in pieces {
        guard let line = sign.line(in: piece.text) else { continue }
        return "\(sign.meaning) Its own words, in \(HostText.line(piece.name)): "
          + "\"\(HostText.line(line))\"."
      }
    }
    return nil
  }

  private var unknown: String {
    guard !pieces.isEmpty else {
      return
        "Nothing was left behind: no crash record of the firmware and no journal of that boot. "
        + "A hang before the disks were mounted looks like this, and so does a power cut."
    }
    return "No message of a crash was left behind; what there is, in "
      + "\(HostText.list(pieces.map(\.name))), is kept with this plan. A hang looks like this, and "
      + "so does a power cut."
  }
}

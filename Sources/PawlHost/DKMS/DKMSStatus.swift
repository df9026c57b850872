/// What `dkms status` prints, in every form from 2.x to 3.2: the fields between commas, the state, and
/// remarks in parentheses. (dkms.in, tags 2.3, v2.8.1, v3.0 to v3.2)
public struct DKMSStatus: Sendable, Equatable {
  public enum State: String, Sendable {
    case added, built, installed, broken
    /// A module of another kernel serves (weak-updates).
    case installedWeak = "installed-weak"
  }

  public struct Line: Sendable, Equatable {
    public let module: String
    public let version: String
    /// nil where it is only added, or broken.
    public let release: String?
    public let architecture: String?
    public let state: State
    /// The kernel whose module serves.
    public let from: String?
    /// What stands in parentheses behind it.
    public let remarks: [String]

    /// What is in the kernel's folder is not, or not all, what DKMS built, whatever words say so.
    public var isDoubtful: Bool {
      remarks.contains { remark in
        let words = remark.lowercased()
        return ["diff", "missing"].contains { words.contains($0) }
      }
    }
  }

  public let lines: [Line]
  /// Lines that say something else.
  public let unread: [String]

  public init(text: String) {
    var lines: [Line] = []
    var unread: [String] = []
    for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingWhitespace() })
    where !line.isEmpty {
      if let parsed = Line(line) { lines.append(parsed) } else { unread.append(line) }
    }
    self.lines = lines
    self.unread = unread
  }
}

extension DKMSStatus.Line {
  /// `m/v: added`, `m, v, k, a: installed (…) (…)`, `m, v, k, a: installed-weak from k2`.
  init?(_ line: String) {
    guard let colon = line.firstRange(of: ": ") else { return nil }
    let fields = line[..<colon.lowerBound].split(separator: ",").map { $0.trimmingWhitespace() }
    let rest = line[colon.upperBound...]
    let words = rest.prefix { $0 != "(" }.words()
    guard let state = words.first.flatMap(DKMSStatus.State.init) else { return nil }
    if words.count == 3, words[1] == "from" { from = words[2] } else { from = nil }
    guard words.count == (from == nil ? 1 : 3) else { return nil }
    self.state = state
    remarks = rest.split(separator: "(").dropFirst().map {
      $0.prefix { $0 != ")" }.trimmingWhitespace()
    }
    guard let (name, places) = Self.nameAndPlaces(fields) else { return nil }
    (module, version) = name
    (release, architecture) = (places.first, places.dropFirst().first)
  }

  /// From 3.0 on a slash stands between module and version, before that a comma.
  private static func nameAndPlaces(
    _ fields: [String]
  ) -> (name: (String, String), places: [String])? {
    guard let first = fields.first, !fields.contains("") else { return nil }
    if fields.count == 1 || fields.count == 3, let slash = first.firstIndex(of: "/") {
      let (module, version) = (first[..<slash], first[first.index(after: slash)...])
      guard !module.isEmpty, !version.isEmpty else { return nil }
      return ((String(module), String(version)), Array(fields.dropFirst()))
    }
    guard fields.count == 2 || fields.count == 4 else { return nil }
    return ((first, fields[1]), Array(fields.dropFirst(2)))
  }
}

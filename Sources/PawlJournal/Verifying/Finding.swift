import PawlModel

/// Something that the verifier found wrong.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A column of an event is not what its hash was made of.
    case changedEvent = "changed-event"
    case missingEvents = "missing-events"
    case exchangedEvents = "exchanged-events"
    /// An event is whole, but does not carry the hash of the one before it.
    case brokenChain = "broken-chain"
    /// The end is missing, or the whole file is an older copy of itself.
    case rewound
    /// The event that the head names is another one here.
    case otherHistory = "other-history"
    /// The head is of another journal.
    case otherJournal = "other-journal"
    case unreadableHead = "unreadable-head"
    /// Events that no run of a plan can have left.
    case impossibleHistory = "impossible-history"
    case projection
    case output
    case blob
    /// A table or trigger is not as the migrations made it.
    case schema
    /// SQLite itself cannot read the file.
    case file
  }

  public let kind: Kind
  public let sequence: Int64?
  public let plan: PlanID?
  /// A sentence for a person.
  public let message: String

  public var description: String { message }

  init(_ kind: Kind, sequence: Int64? = nil, plan: PlanID? = nil, _ message: String) {
    self.kind = kind
    self.sequence = sequence
    self.plan = plan
    self.message = message
  }
}

/// What `history verify` answers.
public struct VerifyReport: Sendable, Hashable {
  /// Beyond these, findings are only counted.
  static let listed = 200

  public internal(set) var findings: [Finding] = []
  public internal(set) var unlisted = 0
  public internal(set) var events = 0
  /// Plans replayed and compared; none where events are changed or missing.
  public internal(set) var plans = 0
  public internal(set) var blobs = 0
  public internal(set) var outputChunks = 0
  /// The end of the journal: worth keeping elsewhere.
  public internal(set) var head: JournalHead?
  /// The head that the journal was compared with.
  public internal(set) var comparedWith: JournalHead?

  public var isSound: Bool { findings.isEmpty }

  mutating func add(_ finding: Finding) {
    if findings.count < Self.listed { findings.append(finding) } else { unlisted += 1 }
  }
}

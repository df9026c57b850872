/// A place in a recipe file: line and column, both from 1, columns counted in Unicode scalars.
public struct Position: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static let start = Position(line: 1, column: 1)

  public static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }

  public var description: String { "\(line):\(column)" }
}

/// One thing that is wrong, or doubtful, in a recipe, and what to write instead.
public struct Finding: Hashable, Sendable, Codable, CustomStringConvertible {
  public enum Severity: String, Hashable, Sendable, Codable { case error, warning }

  public var severity: Severity
  public var file: String
  public var line: Int
  public var column: Int
  /// A sentence.
  public var message: String
  /// What to write instead, a sentence too.
  public var instead: String

  public var position: Position { Position(line: line, column: column) }

  public var description: String {
    "\(file):\(line):\(column): \(severity.rawValue): \(message) \(instead)"
  }
}

/// Collects findings while a recipe is read, so that one look names every problem.
struct Findings {
  /// More than anybody reads; a hostile file does not get to fill memory with sentences.
  static let limit = 1000

  private let file: String
  private var all: [Finding] = []
  private(set) var hasErrors = false

  init(file: String) { self.file = file }

  /// Nothing more is taken: whoever would have to think hard about advice need not.
  var isFull: Bool { all.count >= Findings.limit }

  mutating func error(_ position: Position, _ message: String, _ instead: String) {
    hasErrors = true
    add(.error, position, message, instead)
  }

  mutating func warning(_ position: Position, _ message: String, _ instead: String) {
    add(.warning, position, message, instead)
  }

  /// In the order of the file, each once.
  var sorted: [Finding] {
    var seen: Set<Finding> = []
    return all.filter { seen.insert($0).inserted }
      .sorted { ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message) }
  }

  private mutating func add(
    _ severity: Finding.Severity, _ position: Position, _ message: String, _ instead: String
  ) {
    guard !isFull else { return }
    all.append(
      Finding(
        severity: severity, file: file, line: position.line, column: position.column,
        message: message, instead: instead))
  }
}

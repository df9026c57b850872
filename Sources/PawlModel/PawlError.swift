/// What went wrong, in words for the person who has to deal with it: what happened, and what to
/// do next. The code decides the exit status of the command line.
public struct PawlError: Error, Hashable, Sendable, CustomStringConvertible {
  public struct Code: Hashable, Sendable {
    public let name: String
    /// The exit status of the command line: see the table in the README.
    public let exitStatus: Int32

    public init(name: String, exitStatus: Int32) {
      self.name = name
      self.exitStatus = exitStatus
    }

    public static let stepFailed = Code(name: "step-failed", exitStatus: 1)
    public static let notApproved = Code(name: "not-approved", exitStatus: 3)
    public static let rolledBack = Code(name: "rolled-back", exitStatus: 4)
    public static let needsPerson = Code(name: "needs-person", exitStatus: 5)
    public static let refused = Code(name: "refused", exitStatus: 6)
    public static let usage = Code(name: "usage", exitStatus: 64)
    public static let badRecipe = Code(name: "bad-recipe", exitStatus: 65)
    public static let damagedJournal = Code(name: "damaged-journal", exitStatus: 65)
    public static let newerJournal = Code(name: "newer-journal", exitStatus: 65)
    public static let noInput = Code(name: "no-input", exitStatus: 66)
    public static let internalFault = Code(name: "internal-fault", exitStatus: 70)
    public static let cannotCreate = Code(name: "cannot-create", exitStatus: 73)
    public static let inputOutput = Code(name: "input-output", exitStatus: 74)
    public static let locked = Code(name: "locked", exitStatus: 75)
    public static let diskFull = Code(name: "disk-full", exitStatus: 74)
    public static let notAllowed = Code(name: "not-allowed", exitStatus: 77)
  }

  public let code: Code
  public let message: String
  public let hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { hint.map { "\(message) \($0)" } ?? message }
}

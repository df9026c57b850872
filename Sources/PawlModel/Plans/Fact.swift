/// Something that a step relies on and that was true when the plan was frozen.
public struct Fact: Codable, Sendable, Hashable {
  public enum Expectation: Codable, Sendable, Hashable {
    case absent
    case digest(Digest)
    /// As an earlier step of the same plan leaves it; bound by that step's digest.
    case leftBy(StepID)
  }

  public var path: String
  public var expectation: Expectation

  public init(path: String, expectation: Expectation) {
    self.path = path
    self.expectation = expectation
  }
}

/// Where a path of the plan was mounted from when the plan was frozen.
public struct MountFact: Codable, Sendable, Hashable {
  public var path: String
  /// File system type and either its UUID or, where there is none, its source.
  public var fileSystem: String
  public var source: String

  public init(path: String, fileSystem: String, source: String) {
    self.path = path
    self.fileSystem = fileSystem
    self.source = source
  }
}

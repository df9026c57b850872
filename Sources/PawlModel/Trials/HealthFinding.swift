/// Something that is worse, or other, than before the restart.
public struct HealthFinding: Codable, Sendable, Hashable {
  public enum Severity: String, Codable, Sendable, Hashable, CaseIterable {
    /// The trial must not be promoted.
    case failure
    /// To be told, not to be acted upon.
    case difference
  }

  public enum Subject: String, Codable, Sendable, Hashable, CaseIterable {
    case root, mount, route, unit, module, dkms, taint
  }

  public var severity: Severity
  public var subject: Subject
  /// The whole of it, with names, for a person.
  public var sentence: String

  public init(_ severity: Severity, _ subject: Subject, _ sentence: String) {
    self.severity = severity
    self.subject = subject
    self.sentence = sentence
  }
}

/// The number of a plan in its journal, from 1.
public struct PlanID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  public let number: Int64
  public init(_ number: Int64) { self.number = number }
  public init(from decoder: any Decoder) throws {
    number = try decoder.singleValueContainer().decode(Int64.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
  public static func < (left: PlanID, right: PlanID) -> Bool { left.number < right.number }
  public var description: String { String(number) }
}

/// The name of a step inside its plan: lower-case letters, digits, `-` and `_`.
public struct StepID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let name: String
  public init(_ name: String) { self.name = name }
  public init(stringLiteral value: String) { name = value }
  public init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
  public static func < (left: StepID, right: StepID) -> Bool { left.name < right.name }
  public var description: String { name }
}

/// `/proc/sys/kernel/random/boot_id`: another value means that the kernel was started anew.
public typealias BootID = String

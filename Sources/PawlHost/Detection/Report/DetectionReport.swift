import Foundation

/// The answer of `pawl detect --json`.
///
/// Keys are always present; what is not known is null, with the reason beside it.
public struct DetectionReport: Sendable, Equatable, Codable {
  /// The name and version of this shape.
  public static let schema = "pawl.detect/1"

  public let schema: String
  public var host: Host
  public var kernel: Kernel
  public var container: Container
  public var wsl: WSL
  public var security: Security
  public var boot: Boot
  public var tools: Tools
  public var immutable: Immutable

  init(
    host: Host, kernel: Kernel, container: Container, wsl: WSL, security: Security, boot: Boot,
    tools: Tools, immutable: Immutable
  ) {
    schema = Self.schema
    self.host = host
    self.kernel = kernel
    self.container = container
    self.wsl = wsl
    self.security = security
    self.boot = boot
    self.tools = tools
    self.immutable = immutable
  }

  /// The report as JSON text, `schema` first, keys below it in the order of the alphabet, so that
  /// two reports can be compared line by line.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    func section(_ name: String, _ value: some Encodable) throws -> String {
      let text = String(decoding: try encoder.encode(value), as: UTF8.self)
      // Text within quotes holds no line ends, so these are all outside of it.
      let dense = text.replacing(#/\[\s*\n\s*\]/#, with: "[]")
        .replacing(#/{\s*\n\s*}/#, with: "{}")
      return "  \"\(name)\" : " + dense.replacing("\n", with: "\n  ")
    }
    let sections = [
      try section("schema", schema), try section("host", host), try section("kernel", kernel),
      try section("container", container), try section("wsl", wsl),
      try section("security", security), try section("boot", boot), try section("tools", tools),
      try section("immutable", immutable),
    ]
    return "{\n" + sections.joined(separator: ",\n") + "\n}"
  }
}

extension DetectionReport {
  /// The host.
  public struct Host: Sendable, Equatable, Codable {
    /// The folder below which it was looked for.
    public var root: String
    @OrNull public var name: String?
    @OrNull public var machineID: String?
    @OrNull public var bootID: String?
    @OrNull public var architecture: String?
    public var operatingSystem: System

    enum CodingKeys: String, CodingKey {
      case root
      case name
      case machineID = "machine_id"
      case bootID = "boot_id"
      case architecture
      case operatingSystem = "os"
    }
  }

  /// The distribution.
  public struct System: Sendable, Equatable, Codable {
    @OrNull public var id: String?
    public var idLike: [String]
    @OrNull public var versionID: String?
    @OrNull public var prettyName: String?
    public var family: DistributionFamily
    /// Why it is not known.
    @OrNull public var reason: String?

    enum CodingKeys: String, CodingKey {
      case id
      case idLike = "id_like"
      case versionID = "version_id"
      case prettyName = "pretty_name"
      case family
      case reason
    }
  }

  /// Whether the kernel belongs to somebody else.
  public struct Container: Sendable, Equatable, Codable {
    /// Nil when it cannot be told, see `reason`.
    @OrNull public var inContainer: Bool?
    @OrNull public var kind: String?
    /// It may load modules, those of the host; nil outside a container and where not known.
    @OrNull public var privileged: Bool?
    @OrNull public var reason: String?
    public var evidence: [Evidence]

    enum CodingKeys: String, CodingKey {
      case inContainer = "in_container"
      case kind
      case privileged
      case reason
      case evidence
    }
  }

  /// Whether Windows runs the kernel.
  public struct WSL: Sendable, Equatable, Codable {
    /// Nil when it cannot be told, see `reason`.
    @OrNull public var detected: Bool?
    /// 1 or 2.
    @OrNull public var version: Int?
    /// Somebody set `kernel=` in `.wslconfig`.
    public var customKernel: Bool
    /// nil outside of WSL.
    @OrNull public var windows: Windows?
    @OrNull public var reason: String?
    public var evidence: [Evidence]

    enum CodingKeys: String, CodingKey {
      case detected
      case version
      case customKernel = "custom_kernel"
      case windows
      case reason
      case evidence
    }
  }
}

/// A module that is to be loaded before any other driver, and what modprobe is to know of it.
public struct EarlyModule: Sendable, Hashable {
  public let name: String
  /// What stands in `modprobeFile`; may be empty.
  public let modprobeText: String

  public init(name: String, modprobeText: String) {
    self.name = name
    self.modprobeText = modprobeText
  }

  /// `options`: as they stand behind `options NAME`; may be empty. (modprobe.d(5))
  public init(name: String, options: String) {
    let line = options.isEmpty ? "" : "options \(ModuleName.normalize(name)) \(options)\n"
    self.init(name: name, modprobeText: line)
  }

  /// Inside the initramfs, and on the host once it is kept.
  public var modprobeFile: String { "/etc/modprobe.d/pawl-\(name).conf" }
}

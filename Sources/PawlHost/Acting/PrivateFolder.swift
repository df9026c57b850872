import Foundation

/// A folder of this process's own, for what a program is to read that nobody else may change meanwhile.
public struct PrivateFolder {
  public let path: String

  init(path: String) { self.path = path }

  /// It goes with the work, however that ends; a power cut leaves it among the temporary files.
  public static func with<Outcome>(
    _ work: (PrivateFolder) throws -> Outcome
  ) throws -> Outcome {
    let path = "\(FileManager.default.temporaryDirectory.path)/pawl-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try work(PrivateFolder(path: path))
  }

  /// - Parameter place: below the folder; what leads to it is made.
  func write(_ text: String, at place: String, isProgram: Bool = false) throws {
    let place = "\(path)/\(place)"
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: place, atomically: true, encoding: .utf8)
    guard isProgram else { return }
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
  }
}

import PawlHost
import PawlModel

/// What every `Host` promises, the live one and the simulator's alike. Each promise throws
/// `Broken` where it does not hold. The folder exists and is empty; each promise makes its own
/// folder below it, by the host itself, so that nothing here needs a real file system.
public struct HostContract {
  public struct Broken: Error, CustomStringConvertible {
    public let description: String
  }

  /// One promise, in words.
  public struct Promise: Sendable, CustomStringConvertible {
    public let description: String
    public let check: @Sendable (HostContract) throws -> Void

    init(_ description: String, _ check: @escaping @Sendable (HostContract) throws -> Void) {
      self.description = description
      self.check = check
    }
  }

  public static let promises = filePromises + treePromises + buildPromises + clockPromises

  public let host: any Host
  public let folder: String
  public let identity: Identity

  public init(host: any Host, folder: String, identity: Identity) {
    self.host = host
    self.folder = folder
    self.identity = identity
  }

  // MARK: What the promises are written with

  func require(_ condition: Bool, _ sentence: String) throws {
    guard condition else { throw Broken(description: sentence) }
  }

  /// The call has to fail, and with an error in words.
  @discardableResult
  func requireRefusal(_ sentence: String, _ body: () throws -> Void) throws -> PawlError {
    do {
      try body()
    } catch let error as PawlError {
      return error
    } catch {
      throw Broken(description: "\(sentence): not a PawlError but \(error)")
    }
    throw Broken(description: "\(sentence): nothing was refused")
  }

  func path(_ name: String) -> String { folder + "/" + name }

  @discardableResult
  func write(
    _ text: String, at path: String, replacing before: FileState = .absent,
    metadata: FileMetadata? = nil, mode: UInt32? = nil
  ) throws -> FileState {
    try host.publish(
      at: path, metadata: metadata, mode: mode, replacing: before, as: identity
    ) { write in try write(Array(text.utf8)) }
  }

  func text(at path: String) throws -> String {
    var bytes: [UInt8] = []
    _ = try host.read(at: path, as: identity) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  func names() throws -> [String] {
    try host.manifest(of: folder, as: identity).entries.map(\.path)
  }
}

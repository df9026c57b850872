import PawlModel

extension HostFiles {
  /// Has a file's bytes take the place of another's, whole; what survives a crash is as for `publish`.
  /// - Parameter mode: nil keeps that of what stood there.
  func replace(_ place: String, by source: String, mode: UInt32? = nil) throws {
    let identity = LiveHost.ownIdentity()
    _ = try publish(
      at: place, metadata: nil, mode: mode, replacing: state(at: place), as: identity
    ) { write in
      _ = try read(at: source, as: identity, chunk: write)
    }
  }
}

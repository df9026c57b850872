/// A regular file below a build folder, as a repair looks at it.
public struct BuiltFile: Sendable, Hashable {
  /// Relative to the folder.
  public var path: String
  public var size: Int64
  /// The later of the times of its bytes and of its entry, nanoseconds since 1970.
  public var touched: Int64
  /// Its first bytes are not those of what its name says: zeros where an object should begin.
  public var looksTorn: Bool

  public init(path: String, size: Int64, touched: Int64, looksTorn: Bool = false) {
    self.path = path
    self.size = size
    self.touched = touched
    self.looksTorn = looksTorn
  }

  var name: Substring { path.split(separator: "/").last ?? "" }
  var folder: Substring { path.dropLast(name.count) }

  /// `dir/x.o` has what made it in `dir/.x.o.cmd`.
  var commandPath: String { "\(folder).\(name).cmd" }

  /// The file whose command this is; nil for all others.
  var targetPath: String? {
    guard name.hasPrefix("."), name.hasSuffix(".cmd"), name.count > 5 else { return nil }
    return "\(folder)\(name.dropFirst().dropLast(4))"
  }
}

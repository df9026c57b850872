/// Names of kernel modules as libkmod compares them.
public enum ModuleName {
  /// The normal form of a module's name or file name: everything from the first `.` on is dropped
  /// and `-` becomes `_`. Case is kept: `xt_REDIRECT` and `xt_redirect` are two modules.
  public static func normalize(_ name: String) -> String {
    var name = name
    return name.withUTF8 { normalize($0[...]) }
  }

  /// The same of a name held as bytes.
  static func normalize(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    let kept = name.prefix { $0 != UInt8(ascii: ".") }
    return String(unsafeUninitializedCapacity: kept.count) { target in
      for (index, byte) in kept.enumerated() {
        target[index] = byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte
      }
      return kept.count
    }
  }

  /// The normal form of the last part of a path: `kernel/drivers/vfio/pci/vfio-pci.ko.xz` is
  /// `vfio_pci`.
  public static func ofPath(_ path: String) -> String {
    normalize(path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// The same of a path held as bytes.
  static func ofPath(_ path: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return normalize(path) }
    return normalize(path[(slash + 1)...])
  }

  /// The suffix of a module's file (`.ko`, `.ko.xz`, `.ko.zst`, `.ko.gz`); nil for other files.
  public static func suffix(_ path: String) -> String? {
    [".ko", ".ko.xz", ".ko.zst", ".ko.gz"].first { path.hasSuffix($0) }
  }
}

/// Names of kernel modules as libkmod compares them.
public enum ModuleName {
  /// The normal form of a module's name or file name: everything from the first `.` on is dropped
  /// and `-` becomes `_`. Case is kept: `xt_REDIRECT` and `xt_redirect` are two modules.
  public static func normalize(_ name: String) -> String {
    var result = ""
    result.reserveCapacity(name.utf8.count)
    for character in name {
      if character == "." { break }
      result.append(character == "-" ? "_" : character)
    }
    return result
  }

  /// The normal form of the last part of a path: `kernel/drivers/vfio/pci/vfio-pci.ko.xz` is
  /// `vfio_pci`.
  public static func ofPath(_ path: String) -> String {
    normalize(path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// The suffix of a module's file (`.ko`, `.ko.xz`, `.ko.zst`, `.ko.gz`); nil for other files.
  public static func suffix(_ path: String) -> String? {
    [".ko", ".ko.xz", ".ko.zst", ".ko.gz"].first { path.hasSuffix($0) }
  }
}

import CPawl
import Glibc
import PawlModel

/// What objects are made by: the programs of a kernel build as the plan's `PATH` finds them, with
/// their size and time. A package that is upgraded changes both.
struct ToolFingerprint {
  let searchPath: String

  var parts: [String: String] {
    var parts: [String: String] = [:]
    for (part, names) in programsByPart {
      let lines = names.compactMap { find($0).flatMap(Self.line) }
      if !lines.isEmpty { parts[part] = Self.digest(lines) }
    }
    let inner = Self.compilerParts.compactMap(Self.line)
    if !inner.isEmpty { parts["compiler proper"] = Self.digest(inner) }
    return parts
  }

  /// A tree is known by its folder, its Makefile and the list of its files beside it.
  static func ofSource(_ folder: String) -> String {
    digest([folder, folder + "/Makefile", folder + ".manifest"].map { line($0) ?? "absent" })
  }

  private func find(_ name: String) -> String? {
    searchPath.split(separator: ":").map { "\($0)/\(name)" }.first { path in
      Standing.following(path).map { $0.isFile && $0.permissions & 0o111 != 0 } ?? false
    }
  }

  /// `cc1` and the libraries of plugins lie beside no PATH.
  private static var compilerParts: [String] {
    var found = glob_t()
    defer { globfree(&found) }
    var flags: Int32 = 0
    for pattern in ["/usr/lib/gcc/*/*/cc1", "/usr/libexec/gcc/*/*/cc1", "/usr/lib/gcc/*/*/plugin"] {
      _ = glob(pattern, flags, nil, &found)
      flags = GLOB_APPEND
    }
    guard let paths = found.gl_pathv else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
  }

  private static func line(_ path: String) -> String? {
    guard let standing = Standing.following(path) else { return nil }
    if standing.isFolder { return "\(path) \(standing.inode)" }
    return "\(path) \(standing.size) \(standing.modifiedNanos)"
  }

  private static func digest(_ lines: [String]) -> String {
    SHA256.hash(Array(lines.joined(separator: "\n").utf8)).hex
  }
}

private let programsByPart: [String: [String]] = [
  "make": ["make", "sh", "bash"],
  "compiler": ["gcc", "cc", "clang", "rustc", "bindgen", "ccache"],
  "assembler and linker": ["as", "ld", "ld.bfd", "ld.lld", "ar", "nm", "objcopy", "strip"],
  "tools": ["pahole", "flex", "bison", "bc", "perl", "python3", "xz", "zstd", "gzip", "openssl"],
]

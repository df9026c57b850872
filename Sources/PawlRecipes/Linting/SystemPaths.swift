/// Folders whose files decide whether the host boots. What changes them names a backup.
enum SystemPaths {
  static let guarded = ["/boot", "/efi", "/etc", "/lib/modules", "/usr/lib/modules"]

  /// Names of facts that stand for such a folder.
  private static let factFolders = ["{{modules_folder}}": "/lib/modules"]

  /// The path inside the system that is changed, without `{{root}}`.
  static func inside(_ raw: String) -> String {
    var path = raw
    for (name, folder) in factFolders where path.hasPrefix(name) {
      path = folder + path.dropFirst(name.count)
    }
    if path.hasPrefix("{{root}}") { path = String(path.dropFirst("{{root}}".count)) }
    while path.hasPrefix("//") { path = String(path.dropFirst()) }
    return path
  }

  /// The guarded path that an argument names, also behind `--option=` and `of=`.
  static func guardedPath(in argument: String) -> String? {
    var candidates = [argument]
    if let equals = argument.firstIndex(of: "=") {
      candidates.append(String(argument[argument.index(after: equals)...]))
    }
    return candidates.map(inside).first { path in
      guarded.contains { covers($0, path) }
    }
  }

  /// Whether the folder is the path or holds it.
  static func covers(_ folder: String, _ path: String) -> Bool {
    path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
  }
}

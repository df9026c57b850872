/// The modules that a host asks for at every boot: modules-load.d(5), `/etc/modules` (modules(5)),
/// and `modules_load=` on the kernel's command line.
enum WantedModules {
  /// With underscores, sorted.
  static func names(root: HostRoot) -> [String] {
    let line = KernelCommandLine.read(root: root).value
    let asked = line?.values("modules_load").flatMap { $0.split(separator: ",").map(String.init) }
    let listed = (["/etc/modules"] + files(root: root)).flatMap { modules(in: $0, root: root) }
    return Set(((asked ?? []) + listed).map { ModuleName.normalize($0) }).sorted()
  }

  /// Of several files of one name the first folder's counts, also where it is empty or leads to
  /// `/dev/null`.
  private static func files(root: HostRoot) -> [String] {
    var chosen: [String: String] = [:]
    for folder in folders {
      for name in root.list(folder).value ?? [] where name.hasSuffix(".conf") {
        if chosen[name] == nil { chosen[name] = "\(folder)/\(name)" }
      }
    }
    return chosen.sorted { $0.key < $1.key }.map(\.value)
  }

  private static let folders = [
    "/etc/modules-load.d", "/run/modules-load.d", "/usr/local/lib/modules-load.d",
    "/usr/lib/modules-load.d", "/lib/modules-load.d",
  ]

  /// The first word of each line that is no comment; `/etc/modules` may have arguments behind it.
  private static func modules(in path: String, root: HostRoot) -> [String] {
    guard let text = root.text(path).value else { return [] }
    return text.split(separator: "\n").compactMap { line in
      guard let word = line.words().first, !word.hasPrefix("#"), !word.hasPrefix(";") else {
        return nil
      }
      return word
    }
  }
}

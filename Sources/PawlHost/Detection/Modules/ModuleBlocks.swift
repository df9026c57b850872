/// Something that keeps a module from loading, or from loading by itself.
public struct ModuleBlock: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable {
    /// `blacklist NAME`: not loaded for hardware; `modprobe NAME` still loads it.
    case blacklist
    /// `install NAME /bin/false`: modprobe does nothing in its place.
    case installNothing = "install-nothing"
    /// `install NAME COMMAND`: modprobe runs the command in its place.
    case installCommand = "install-command"
    /// `modprobe.blacklist=` on the kernel command line: as `blacklist`.
    case commandLineBlacklist = "modprobe.blacklist"
    /// `module_blacklist=` on the kernel command line: the kernel itself refuses.
    case kernelBlacklist = "module_blacklist"
  }

  /// The module's name in its normal form.
  public let module: String
  public let kind: Kind
  /// The file that says so.
  public let file: String
  /// The line in the file, from 1.
  public let line: Int
  /// The words that say so.
  public let text: String

  /// True when `modprobe NAME` does not load the module either.
  public var stopsModprobe: Bool {
    switch kind {
    case .installNothing, .kernelBlacklist: true
    case .blacklist, .installCommand, .commandLineBlacklist: false
    }
  }

  /// The blocks of a system: modprobe.d and the kernel command line.
  public struct Survey: Sendable {
    public let blocks: [ModuleBlock]
    /// Files and folders that could not be read, with the reason: blocks may be missing.
    public let unread: [String]
  }

  /// Folders of modprobe configuration, the strongest first (`modprobe.d(5)`).
  public static let folders = [
    "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
  ]

  /// Reads modprobe.d and the kernel command line below `root`. A file hides those of the same name
  /// in weaker folders; a link to `/dev/null` hides them and says nothing.
  public static func survey(root: HostRoot) -> Survey {
    var files: [String: String] = [:]
    var unread: [String] = []
    for folder in folders {
      switch root.list(folder) {
      case .absent: continue
      case .unreadable(let reason): unread.append("\(folder): \(reason)")
      case .present(let names):
        for name in names where name.hasSuffix(".conf") && files[name] == nil {
          files[name] = "\(folder)/\(name)"
        }
      }
    }
    var blocks: [ModuleBlock] = []
    for (_, file) in files.sorted(by: { $0.key < $1.key }) {
      if root.linkTarget(file) == "/dev/null" { continue }
      switch root.read(file) {
      case .absent: unread.append("\(file): a link that leads nowhere")
      case .unreadable(let reason): unread.append("\(file): \(reason)")
      case .present(let bytes): blocks += parse(bytes.lines(), file: file)
      }
    }
    switch KernelCommandLine.read(root: root) {
    case .absent: break
    case .unreadable(let reason): unread.append("/proc/cmdline: \(reason)")
    case .present(let line): blocks += ofCommandLine(line)
    }
    return Survey(blocks: blocks, unread: unread)
  }

  /// The blocks in the text of one modprobe.d file.
  static func parse(_ lines: [String], file: String) -> [ModuleBlock] {
    var blocks: [ModuleBlock] = []
    var index = 0
    while index < lines.count {
      let number = index + 1
      var text = lines[index]
      while text.hasSuffix("\\"), index + 1 < lines.count {
        index += 1
        text = text.dropLast() + " " + lines[index]
      }
      index += 1
      let words = text.words()
      guard words.count >= 2 else { continue }
      let module = ModuleName.normalize(words[1])
      let kind: Kind
      switch words[0] {
      case "blacklist": kind = .blacklist
      case "install":
        guard words.count >= 3 else { continue }
        let nothing = ["false", "true", ":"]
        let program = words[2].split(separator: "/").last.map(String.init) ?? ""
        kind = nothing.contains(program) ? .installNothing : .installCommand
      default: continue
      }
      blocks.append(
        ModuleBlock(
          module: module, kind: kind, file: file, line: number,
          text: words.joined(separator: " ")))
    }
    return blocks
  }

  private static func ofCommandLine(_ line: KernelCommandLine) -> [ModuleBlock] {
    [Kind.kernelBlacklist, .commandLineBlacklist].flatMap { kind in
      line.values(kind.rawValue).flatMap { value in
        value.split(separator: ",").map { name in
          ModuleBlock(
            module: ModuleName.normalize(String(name)), kind: kind, file: "/proc/cmdline", line: 1,
            text: "\(kind.rawValue)=\(value)")
        }
      }
    }
  }
}

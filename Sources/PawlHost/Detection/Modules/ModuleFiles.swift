/// A module's file below the folder of its kernel.
public struct ModuleFile: Sendable, Equatable {
  /// The path below the kernel's module folder: `kernel/fs/overlayfs/overlay.ko.xz`.
  public let path: String
  /// `.ko`, `.ko.xz`, `.ko.zst` or `.ko.gz`.
  public let suffix: String
  /// The modules to load before it, in that order, in normal form; nil when `modules.dep` is
  /// missing.
  public let dependencies: [String]?
}

/// The module files of one kernel, by name in normal form.
struct ModuleFiles: Sendable {
  private enum Store: Sendable {
    /// The bytes of `modules.dep` and where in them each module's line is.
    case dependencies(bytes: [UInt8], lines: [String: Range<Int>])
    case walked([String: ModuleFile])
  }

  private let store: Store

  var count: Int {
    switch store {
    case .dependencies(_, let lines): lines.count
    case .walked(let files): files.count
    }
  }

  /// Indexes the text of `modules.dep`: `path: dependency dependency …`, the first to load standing
  /// last. Lines are taken apart when they are asked for.
  init(dependencies bytes: [UInt8]) {
    var lines: [String: Range<Int>] = [:]
    lines.reserveCapacity(bytes.count / 100)
    bytes.forEachLine { text, start, end in
      let line = text[start..<end]
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
      let name = ModuleName.ofPath(line[..<colon])
      if lines[name] == nil { lines[name] = start..<end }
    }
    store = .dependencies(bytes: bytes, lines: lines)
  }

  private init(walked: [String: ModuleFile]) { store = .walked(walked) }

  /// The file of a module named in normal form.
  subscript(name: String) -> ModuleFile? {
    switch store {
    case .walked(let files): return files[name]
    case .dependencies(let bytes, let lines):
      guard let range = lines[name] else { return nil }
      let line = String(decoding: bytes[range], as: UTF8.self)
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let path = String(line[..<colon])
      guard let suffix = ModuleName.suffix(path) else { return nil }
      let dependencies = line[line.index(after: colon)...].words().reversed()
      return ModuleFile(
        path: path, suffix: suffix,
        dependencies: dependencies.map { ModuleName.ofPath($0) })
    }
  }

  /// Finds module files without `modules.dep`, in folders up to 16 deep; links to folders (`build`,
  /// `source`) are not entered. With it, what could not be read.
  static func walk(root: HostRoot, folder: String) -> (files: ModuleFiles, unread: [String]) {
    var files: [String: ModuleFile] = [:]
    var unread: [String] = []
    func enter(_ below: String, depth: Int) {
      let place = below.isEmpty ? folder : "\(folder)/\(below)"
      switch root.list(place) {
      case .absent: return
      case .unreadable(let reason): unread.append("\(place): \(reason)")
      case .present(let names):
        for name in names {
          let path = below.isEmpty ? name : "\(below)/\(name)"
          if let suffix = ModuleName.suffix(name) {
            let key = ModuleName.normalize(name)
            if files[key] == nil {
              files[key] = ModuleFile(path: path, suffix: suffix, dependencies: nil)
            }
          } else if depth < 16, root.linkTarget("\(folder)/\(path)") == nil,
            root.kind("\(folder)/\(path)").value == .folder
          {
            enter(path, depth: depth + 1)
          }
        }
      }
    }
    enter("", depth: 0)
    return (ModuleFiles(walked: files), unread)
  }
}

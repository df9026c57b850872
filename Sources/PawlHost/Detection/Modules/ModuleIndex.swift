/// Where a kernel module stands.
public enum ModuleState: Sendable, Equatable {
  /// In the running kernel as a module.
  case loaded
  /// Part of the kernel's image.
  case builtin
  /// A file that can be loaded.
  case available(ModuleFile)
  /// The lists of this kernel are there and do not name it.
  case missing
  /// It cannot be told; the reason.
  case unknown(String)

  /// One word for it.
  public var word: String {
    switch self {
    case .loaded: "loaded"
    case .builtin: "builtin"
    case .available: "available"
    case .missing: "missing"
    case .unknown: "unknown"
    }
  }
}

/// The modules of one kernel: loaded, built in and available, by name.
///
/// Names are looked up whole and in the normal form of libkmod; see `ModuleName`.
public struct ModuleIndex: Sendable {
  /// The kernel's module folder, `/lib/modules/R` or `/usr/lib/modules/R`; nil when there is none.
  public let folder: String?
  /// The loaded modules, or why they are not known.
  public let loaded: Reading<[LoadedModule]>
  /// What a person should know about these lists: `modules.dep` missing, run `depmod`, …
  public let notes: [String]
  /// What keeps modules from loading.
  public let blocks: ModuleBlock.Survey

  private let files: Reading<ModuleFiles>
  private let builtin: Reading<Set<String>>
  private let root: HostRoot

  /// Reads the lists of `release` below `root`: `/proc/modules`, `modules.dep`, `modules.builtin`,
  /// modprobe.d. Where `modules.dep` is missing and the folder is not, the folder is walked.
  public init(root: HostRoot, release: String?) {
    self.root = root
    var notes: [String] = []
    loaded = LoadedModule.list(root: root)
    blocks = ModuleBlock.survey(root: root)
    var trouble: String?
    var folder: String?
    if let release {
      for place in ["/lib/modules", "/usr/lib/modules", Self.nixosModules] where folder == nil {
        switch root.kind("\(place)/\(release)") {
        case .present(.folder): folder = "\(place)/\(release)"
        case .present, .absent: break
        case .unreadable(let reason): trouble = "\(place)/\(release): \(reason)"
        }
      }
    }
    self.folder = folder
    guard let folder else {
      let reason =
        trouble
        ?? (release.map { "there is no /lib/modules/\($0)" } ?? "the kernel's release is not known")
      files = .unreadable(reason)
      builtin = .unreadable(reason)
      self.notes = [reason]
      return
    }
    switch root.read("\(folder)/modules.builtin") {
    case .present(let bytes): builtin = .present(Set(bytes.lines().map { ModuleName.ofPath($0) }))
    case .unreadable(let reason): builtin = .unreadable("\(folder)/modules.builtin: \(reason)")
    case .absent: builtin = .unreadable("\(folder)/modules.builtin is not there")
    }
    switch root.read("\(folder)/modules.dep") {
    case .present(let bytes): files = .present(ModuleFiles(dependencies: bytes))
    case .unreadable(let reason): files = .unreadable("\(folder)/modules.dep: \(reason)")
    case .absent:
      let walk = ModuleFiles.walk(root: root, folder: folder)
      files =
        walk.files.count == 0 && !walk.unread.isEmpty
        ? .unreadable(walk.unread.joined(separator: "; ")) : .present(walk.files)
      notes.append(
        "\(folder)/modules.dep is missing; \(walk.files.count) modules were found by walking the "
          + "folder; run depmod \(release ?? "") before loading any")
      notes += walk.unread
    }
    self.notes = notes
  }

  private static let nixosModules = "/run/booted-system/kernel-modules/lib/modules"

  /// The names of the loaded modules, sorted; empty when they are not known (see `loaded`).
  public var loadedNames: [String] { (loaded.value ?? []).map(\.name).sorted() }

  /// Whether a module is in `/proc/modules`; nil when that is not known.
  public func isLoaded(_ name: String) -> Bool? {
    let wanted = ModuleName.normalize(name)
    return loaded.value.map { list in list.contains { ModuleName.normalize($0.name) == wanted } }
  }

  /// The file of a module, whether loaded or not; unreadable when the lists are.
  public func file(_ name: String) -> Reading<ModuleFile> {
    switch files {
    case .present(let files):
      return files[ModuleName.normalize(name)].map { .present($0) } ?? .absent
    case .absent: return .absent
    case .unreadable(let reason): return .unreadable(reason)
    }
  }

  /// Whether a module is part of the kernel's image; nil when that is not known.
  ///
  /// Old WSL kernels have no `modules.builtin`; there, a folder `/sys/module/NAME` without
  /// `initstate` is a built-in module with parameters.
  public func isBuiltin(_ name: String) -> Bool? {
    let wanted = ModuleName.normalize(name)
    if builtin.value?.contains(wanted) == true { return true }
    if root.exists("/sys/module/\(wanted)"),
      root.kind("/sys/module/\(wanted)/initstate") == .absent,
      isLoaded(wanted) != true
    {
      return true
    }
    return builtin.value == nil ? nil : false
  }

  /// Where a module stands.
  public func state(_ name: String) -> ModuleState {
    if isLoaded(name) == true { return .loaded }
    let builtin = isBuiltin(name)
    if builtin == true { return .builtin }
    switch file(name) {
    case .present(let file): return .available(file)
    case .unreadable(let reason): return .unknown(reason)
    case .absent:
      if let reason = self.builtin.reason, builtin == nil { return .unknown(reason) }
      return .missing
    }
  }

  /// What keeps a module from loading.
  public func blocks(_ name: String) -> [ModuleBlock] {
    let wanted = ModuleName.normalize(name)
    return blocks.blocks.filter { $0.module == wanted }
  }
}

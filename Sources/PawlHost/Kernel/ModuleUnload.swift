import PawlModel

/// Takes a module out of the running kernel that a file of Pawl's had loaded at this boot. One that is
/// in use stays until the next restart, which no longer loads it: to tear it from its users is no way
/// back.
public struct ModuleUnload {
  private let root: HostRoot
  private let tool: Tool

  public init(root: HostRoot, tool: Tool) {
    self.root = root
    self.tool = tool
  }

  /// Throws where the loaded modules cannot be told.
  public func act(_ name: String) throws {
    guard let module = try loaded(name) else { return }
    if let use = use(of: module) { return print(stays(name, use)) }
    do {
      try tool.run(["modprobe", "-r", name])
    } catch let error as PawlError {
      // It may have been taken into use meanwhile.
      return print(stays(name, error.message))
    }
    if try loaded(name) != nil { print(stays(name, "modprobe -r ended well, and left it")) }
  }

  private func loaded(_ name: String) throws -> LoadedModule? {
    switch LoadedModule.list(root: root) {
    case .present(let all):
      return all.first { ModuleName.normalize($0.name) == ModuleName.normalize(name) }
    case .absent: return nil
    case .unreadable(let reason):
      throw PawlError(
        .inputOutput, "Which modules are loaded cannot be told: \(reason).",
        hint: "Is /proc mounted? Then roll back again.")
    }
  }

  private func use(of module: LoadedModule) -> String? {
    if module.isPermanent { return "it has no way out" }
    if !module.usedBy.isEmpty { return "it is used by \(module.usedBy.joined(separator: ", "))" }
    return (module.references ?? 0) > 0 ? "it is in use" : nil
  }

  private func stays(_ name: String, _ why: String) -> String {
    "The module \(name) stays loaded until the next restart: \(why)."
  }
}

import PawlModel

/// Whether a kernel has a module that could be loaded, from its own lists: BusyBox's modprobe and modinfo,
/// which Alpine has, take other options than kmod's.
public enum ModuleExistence {
  /// Where it is, in words. Throws `stepFailed` with what was found and what to do about it.
  public static func require(_ name: String, host: HostDetection) throws(PawlError) -> String {
    switch host.modules.state(name) {
    case .loaded: return "Module \(name) is loaded."
    case .builtin: return "\(name) is built into the kernel."
    case .available(let file):
      guard !host.modules.blocks(name).contains(where: \.stopsModprobe) else {
        throw failure(name, host)
      }
      return "Module \(name) is there: \(file.path)"
    case .missing, .unknown: throw failure(name, host)
    }
  }

  private static func failure(_ name: String, _ host: HostDetection) -> PawlError {
    let check = CapabilityCheck.ofModule(name, host: host)
    return PawlError(.stepFailed, check.sentence, hint: check.howToFix)
  }
}

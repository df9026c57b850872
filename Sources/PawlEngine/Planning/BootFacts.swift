import PawlHost
import PawlModel

/// What is to be done about the boot loader for a new kernel, as far as it can be told when the plan
/// is made. Where a kernel cannot be tried, that is said before anything is begun.
struct BootFacts {
  enum Plan: String {
    case trial, menu, none
  }

  let root: HostRoot
  let host: LiveHost
  let parameters: [String: String]

  private var loader: (any BootLoader)? {
    root.isLive ? BootLoaders.detect(root: root, files: host) : nil
  }

  var changedFiles: [String] { loader?.changedFiles ?? [] }

  func fallbackFolder(of release: String) -> String {
    loader.map { FallbackCopy.folder(of: release, loader: $0) }
      ?? "/boot/pawl/fallback-\(release)"
  }

  /// Throws `refused` where a trial is wanted and the loader cannot do one.
  func plan(triesKernels: Bool) throws -> Plan {
    guard triesKernels else { return .none }
    let withoutTrial: Plan = root.exists("/boot/grub/grub.cfg") ? .menu : .none
    guard root.isLive, parameters["restart"] != "no", parameters["trial"] ?? "yes" == "yes" else {
      return withoutTrial
    }
    guard let loader else {
      throw PawlError(
        .refused, "No boot loader is recognised on this host that Pawl could steer.",
        hint:
          "Nothing would bring the old kernel back by itself. With --set restart=no the kernel is only "
          + "installed; --set trial=i-will-be-at-the-console restarts into it for good.")
    }
    if case .unable(let why) = loader.oneShotAbility() {
      throw PawlError(
        .refused, "\(loader.name) cannot start a kernel once here: \(why.joined(separator: " "))",
        hint:
          "Without that nothing brings the old kernel back by itself. Whoever will stand at the console "
          + "plans with --set trial=i-will-be-at-the-console; the restart is then of high risk.")
    }
    return .trial
  }
}

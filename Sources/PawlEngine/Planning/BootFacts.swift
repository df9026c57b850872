import PawlHost
import PawlModel

/// What is to be done about the boot loader for a new kernel, as far as it can be told when the plan
/// is made. Where a kernel cannot be tried, that is said before anything is begun.
struct BootFacts {
  enum Plan: String {
    case trial, menu, none
  }

  let root: HostRoot
  /// That the plan is for the system that runs.
  let isLive: Bool
  /// The kernel that runs.
  let release: String
  let host: LiveHost
  let parameters: [String: String]
  let initramfs: InitramfsTool.Name?
  /// Why nobody would look after a trial; nil where the boot hook is in place.
  var hookFault: String?
  /// Of the new kernel, as far as it is known when the plan is made.
  var config: KernelConfig?
  /// What the kernel in the parameter `stage` is called.
  var stageRelease: String?

  /// That what is tried is the kernel that runs, with another initramfs.
  private var triesRunningKernel: Bool {
    parameters["devices"] != nil || parameters["module"] != nil
  }

  var loader: (any BootLoader)? {
    isLive ? BootLoaders.detect(root: root, files: host) : nil
  }

  var changedFiles: [String] { loader?.changedFiles ?? [] }

  /// On the file system that the loader reads: the plan is for that one.
  var copiesFolder: String? { loader?.copiesFolder }

  func values(triesKernels: Bool) throws -> [String: String] {
    let plan = try plan(triesKernels: triesKernels)
    var values = [
      "boot_plan": plan.rawValue, "fallback_package": "", "fallback_proven": "yes",
      "fallback_doubt": "", "return_forecast": "",
      "fallback_folder": "/boot/pawl/fallback-\(release)",
    ]
    guard plan == .trial, let loader else { return values }
    values["return_forecast"] =
      ReturnForecast(
        watchdogs: Watchdog.list(root: root), config: config,
        initramfs: initramfs, fallback: release
      ).text
    values["fallback_folder"] = FallbackCopy.folder(of: release, loader: loader)
    let doubts = doubts
    if !doubts.isEmpty {
      values["fallback_proven"] = "no"
      values["fallback_doubt"] = " (not proven to boot: \(doubts.joined(separator: " ")))"
    }
    let package = KernelPackage(root: root)
    if let name = package.name(of: release), !package.isHeld(name) {
      values["fallback_package"] = name
    }
    return values
  }

  /// What would be kept as the way back has not been seen to boot: a person has to know.
  var raisedRisks: [StepID: Risk] {
    doubts.isEmpty ? [:] : ["pin": .high]
  }

  private var doubts: [String] {
    loader.map { FallbackProof(root: root).doubts(about: release, loader: $0) } ?? []
  }

  /// Throws `refused` where a trial is wanted and the loader cannot do one.
  func plan(triesKernels: Bool) throws -> Plan {
    guard triesKernels, isLive else { return .none }
    if !triesRunningKernel {
      try NewKernelObstacles(root: root)
        .requireBeforehand(stage: parameters["stage"], release: stageRelease)
    }
    let withoutTrial: Plan = loader == nil ? .none : .menu
    guard parameters["restart"] != "no", parameters["trial"] ?? "yes" == "yes" else {
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
    if let hookFault {
      throw PawlError(.refused, hookFault, hint: "Then plan again.")
    }
    return .trial
  }
}

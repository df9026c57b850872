import PawlModel

/// What ends a trial that goes wrong, told before the restart: what returns by itself, and what
/// needs somebody at the machine's power.
public struct ReturnForecast: Sendable, Hashable, Codable {
  /// Sentences.
  public var byItself: [String]
  /// Sentences.
  public var needsPowerCycle: [String]

  /// - Parameters:
  ///   - config: of the kernel to be tried; nil where it is not known, and then nothing is promised
  ///     of its detectors.
  ///   - initramfs: what makes it for that kernel; nil where that is not known.
  ///   - fallback: the release that the host starts after a reset.
  public init(
    watchdogs: [Watchdog], config: KernelConfig?, initramfs: InitramfsTool.Name?, fallback: String
  ) {
    byItself = [
      "A panic restarts the host after 30 seconds; an oops counts as a panic during the trial."
    ]
    needsPowerCycle = []
    let old = HostText.line(fallback, limit: 80)
    addInitramfs(initramfs)
    addDetectors(config)
    addWatchdogs(watchdogs, config, old)
  }

  /// One paragraph.
  public var text: String {
    (["If it goes wrong:"] + byItself + ["But:"] + needsPowerCycle).joined(separator: " ")
  }

  /// (initramfs-tools(7), panic=; dracut.cmdline(7), rd.emergency=; mkinitfs: initramfs-init)
  private mutating func addInitramfs(_ name: InitramfsTool.Name?) {
    switch name {
    case .initramfsTools, .dracut, .mkinitfs:
      byItself.append("An initramfs that does not find the root file system restarts the host.")
    case .mkinitcpio:
      byItself.append(
        "An initramfs that does not find the root file system restarts the host, by a hook that "
          + "Pawl puts into it.")
    case .booster, nil:
      needsPowerCycle.append(
        "An initramfs that does not find the root file system may wait for somebody, and needs a "
          + "power cycle.")
    }
  }

  private mutating func addDetectors(_ config: KernelConfig?) {
    guard let config else {
      needsPowerCycle.append(
        "The new kernel's configuration is not known: a hang of it may need a power cycle.")
      return
    }
    for detector in detectors {
      if config.state(detector.symbol) == .y {
        byItself.append(detector.promise)
      } else {
        needsPowerCycle.append("\(detector.hang) (the new kernel has no \(detector.symbol)).")
      }
    }
  }

  private mutating func addWatchdogs(_ all: [Watchdog], _ config: KernelConfig?, _ old: String) {
    guard let watchdog = all.first(where: { !$0.isSoftware }) else {
      needsPowerCycle.append(
        "\(all.isEmpty ? "No watchdog" : "Only a software watchdog"): a silent early hang needs a "
          + "power cycle; it will then boot \(old).")
      return
    }
    let time = watchdog.timeoutSeconds.map { " within about \($0) seconds" } ?? ""
    byItself.append(
      "A freeze once \(watchdog.title) counts is ended by it\(time); the host then boots \(old).")
    if config?.state("WATCHDOG_HANDLE_BOOT_ENABLED") == .y {
      byItself.append(
        "If the firmware starts that watchdog, the kernel keeps it fed only until its time to be "
          + "opened is over (watchdog.open_timeout): a start that gets stuck is then ended too.")
    }
    needsPowerCycle.append(
      "A silent hang before \(watchdog.title) counts needs a power cycle; it will then boot \(old)."
    )
  }
}

private struct Detector {
  let symbol: String
  let promise: String
  let hang: String
}

private let detectors = [
  Detector(
    symbol: "SOFTLOCKUP_DETECTOR",
    promise: "A processor that is stuck in the kernel for about 20 seconds panics, and returns.",
    hang: "A processor that is stuck in the kernel needs a power cycle"),
  Detector(
    symbol: "HARDLOCKUP_DETECTOR",
    promise: "A processor that is stuck with interrupts off panics, and returns, where it has a "
      + "counter to notice it; many virtual machines have none.",
    hang: "A processor that is stuck with interrupts off needs a power cycle"),
  Detector(
    symbol: "DETECT_HUNG_TASK",
    promise: "A program that waits on the kernel for 120 seconds panics, and returns.",
    hang: "A program that waits on the kernel for ever does not end the trial by itself"),
]

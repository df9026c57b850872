import PawlModel
import Testing

@testable import PawlHost

@Suite("What returns by itself is said before the restart, and nothing more is promised")
struct PreflightTests {
  private let full = KernelConfig(
    text: """
      CONFIG_WATCHDOG_HANDLE_BOOT_ENABLED=y
      CONFIG_SOFTLOCKUP_DETECTOR=y
      CONFIG_HARDLOCKUP_DETECTOR=y
      CONFIG_DETECT_HUNG_TASK=y

      """)
  private let board = Watchdog(name: "watchdog0", identity: "i6300ESB timer", timeoutSeconds: 30)

  private func forecast(
    _ watchdogs: [Watchdog], _ config: KernelConfig?, _ initramfs: InitramfsTool.Name? = .dracut
  ) -> ReturnForecast {
    ReturnForecast(
      watchdogs: watchdogs, config: config, initramfs: initramfs, fallback: "6.1.0-50")
  }

  @Test("a watchdog is read with all that the kernel tells of it")
  func reading() throws {
    let host = try FakeHost()
      .write("/sys/class/watchdog/watchdog0/identity", "i6300ESB timer\n")
      .write("/sys/class/watchdog/watchdog0/state", "active\n")
      .write("/sys/class/watchdog/watchdog0/nowayout", "1\n")
      .write("/sys/class/watchdog/watchdog0/timeout", "30\n")
      .write("/sys/class/watchdog/watchdog0/bootstatus", "32\n")
      .folder("/sys/class/watchdog/watchdog1")
    #expect(
      Watchdog.list(root: host.root) == [
        Watchdog(
          name: "watchdog0", identity: "i6300ESB timer", isActive: true, isPermanent: true,
          timeoutSeconds: 30, causedLastReset: true), Watchdog(name: "watchdog1"),
      ])
    #expect(Watchdog.list(root: try FakeHost().root) == [])
  }

  @Test("of an initramfs without its root a return is promised where something ends it")
  func initramfs() {
    let words = "does not find the root file system"
    for name in InitramfsTool.Name.allCases where name != .booster {
      #expect(forecast([], full, name).byItself.contains { $0.contains(words) })
    }
    for name in [InitramfsTool.Name.booster, nil] {
      #expect(forecast([], full, name).needsPowerCycle.contains { $0.contains(words) })
    }
  }

  @Test("without a watchdog a silent early hang needs a power cycle, and boots the old kernel")
  func none() {
    let told = forecast([], full).needsPowerCycle
    #expect(
      told == [
        "No watchdog: a silent early hang needs a power cycle; it will then boot 6.1.0-50."
      ])
  }

  @Test("a watchdog made of software is not counted as one")
  func software() {
    let told = forecast([Watchdog(name: "w0", identity: "Software Watchdog")], full)
    #expect(told.needsPowerCycle.first?.hasPrefix("Only a software watchdog") == true)
    #expect(!told.byItself.contains { $0.contains("Software") })
  }

  @Test("a real watchdog ends a freeze, but not a hang before it counts")
  func hardware() {
    let told = forecast([board], full)
    #expect(told.byItself.contains { $0.contains("i6300ESB timer") && $0.contains("30 seconds") })
    #expect(told.needsPowerCycle.contains { $0.contains("before i6300ESB timer") })
    let plain = forecast([board], KernelConfig(text: "CONFIG_SOFTLOCKUP_DETECTOR=y\n"))
    #expect(!plain.byItself.contains { $0.contains("open_timeout") })
  }

  @Test(
    "each detector that the new kernel lacks is named",
    arguments: ["SOFTLOCKUP_DETECTOR", "HARDLOCKUP_DETECTOR", "DETECT_HUNG_TASK"])
  func detectors(symbol: String) {
    let without = KernelConfig(text: "# CONFIG_\(symbol) is not set\n")
    #expect(forecast([board], without).needsPowerCycle.contains { $0.contains(symbol) })
    #expect(!forecast([board], full).needsPowerCycle.contains { $0.contains(symbol) })
  }

  @Test("of a kernel whose configuration is not known no detector is promised")
  func unknownConfig() {
    let told = forecast([board], nil)
    #expect(told.byItself.count == 3)
    #expect(told.needsPowerCycle.first?.contains("not known") == true)
  }
}

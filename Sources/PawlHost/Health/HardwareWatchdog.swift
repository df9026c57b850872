import CPawl
import Glibc
import PawlModel

/// A watchdog as the guard of a trial uses it: what is not fed in time resets the machine, also
/// where its kernel stands still.
public protocol GuardWatchdog: AnyObject {
  /// For a sentence: what it is, and after how long it resets.
  var title: String { get }
  /// False where the device did not take it.
  func feed() -> Bool
  /// Stops it. Returns a sentence where it goes on counting: the host is then reset by it.
  func standDown() -> String?
  /// Lets it count on without being fed, for so long as it can be told to.
  func leaveCounting(seconds: Int)
}

/// What came of looking for one.
public enum WatchdogSearch {
  case found(any GuardWatchdog)
  /// A sentence: why there is none to be had now.
  case none(String)
}

/// A watchdog device of the machine, opened, and therefore counting.
public final class HardwareWatchdog: GuardWatchdog {
  public let title: String
  private let name: String
  private let descriptor: Int32
  private let root: HostRoot

  /// The first one that a trial can rely on: no timer of the kernel itself, which dies with it, and
  /// none that could not be stopped once the trial is decided.
  public static func open(root: HostRoot = .live, seconds: Int) -> WatchdogSearch {
    let all = Watchdog.list(root: root)
    let fit = all.filter { !$0.isSoftware && $0.isPermanent == false }
    guard let chosen = fit.first else { return .none(reason(all)) }
    let path = root.path("/dev/\(chosen.name)")
    let descriptor = pawl_watchdog_open(path)
    if descriptor == -EBUSY {
      return .none(
        "\(chosen.title) belongs to another program, systemd say (RuntimeWatchdogSec=): that one "
          + "resets the host if it freezes.")
    }
    guard descriptor >= 0 else {
      return .none(
        "\(chosen.title) cannot be opened: \(String(cString: strerror(-descriptor))).")
    }
    var (options, identity) = (UInt32(0), [CChar](repeating: 0, count: 33))
    let result = pawl_watchdog_support(descriptor, &options, &identity)
    guard result == 0, options & magicClose != 0 else {
      // The device counts already: closed like this, most of them stop.
      _ = pawl_watchdog_allow_close(descriptor)
      close(descriptor)
      return .none("\(chosen.title) cannot be stopped once it counts, so it is not used.")
    }
    return .found(
      HardwareWatchdog(
        chosen, descriptor, seconds: setTimeout(descriptor, seconds), root: root))
  }

  private init(_ device: Watchdog, _ descriptor: Int32, seconds: Int32?, root: HostRoot) {
    name = device.name
    self.descriptor = descriptor
    self.root = root
    title = device.title + (seconds.map { ", \($0) s" } ?? "")
  }

  private static func reason(_ all: [Watchdog]) -> String {
    guard let first = all.first else { return "This host has no watchdog." }
    if first.isSoftware {
      return "This host has only a software watchdog: it dies with the kernel, so it is not used."
    }
    if first.isPermanent == true {
      return "\(first.title) cannot be stopped once it counts (nowayout), so it is not used."
    }
    return "\(first.title) does not say whether it can be stopped, so it is not used."
  }

  /// What the device makes of it; nil where it does not tell.
  private static func setTimeout(_ descriptor: Int32, _ wanted: Int) -> Int32? {
    var seconds = Int32(wanted)
    if pawl_watchdog_set_timeout(descriptor, &seconds) == 0 { return seconds }
    return pawl_watchdog_get_timeout(descriptor, &seconds) == 0 ? seconds : nil
  }

  public func feed() -> Bool { pawl_watchdog_keep_alive(descriptor) == 0 }

  public func standDown() -> String? {
    let allowed = pawl_watchdog_allow_close(descriptor)
    close(descriptor)
    let state = root.line("/sys/class/watchdog/\(name)/state").value
    guard allowed < 0 || state == "active" else { return nil }
    return
      "\(title) goes on counting although it was told to stop. Unless another program feeds it, "
      + "it resets this host: wdctl(8) shows it."
  }

  public func leaveCounting(seconds: Int) {
    // The longest that it takes of these.
    for wanted in [seconds, seconds / 2, seconds / 4] {
      var asked = Int32(wanted)
      if pawl_watchdog_set_timeout(descriptor, &asked) == 0 { break }
    }
    _ = pawl_watchdog_keep_alive(descriptor)
    close(descriptor)
  }
}

/// WDIOF_MAGICCLOSE of `linux/watchdog.h`.
private let magicClose: UInt32 = 0x0100

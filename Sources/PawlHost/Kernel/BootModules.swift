import PawlModel

/// What a host reads at boot to load modules: it differs between init systems, and on some hosts
/// nothing does.
public struct BootModules: Sendable, Equatable {
  public enum Place: String, Sendable {
    /// A file of its own in /etc/modules-load.d: systemd, and OpenRC where its service reads it.
    case modulesLoad = "modules-load.d"
    /// A line in /etc/modules.
    case etcModules = "etc-modules"
    case none
  }

  public let place: Place
  /// Why nothing is read, and what would change that; nil where something is.
  public let obstacle: (sentence: String, hint: String)?

  public static func == (left: BootModules, right: BootModules) -> Bool {
    left.place == right.place && left.obstacle?.sentence == right.obstacle?.sentence
  }

  /// Looks below `root`. systemd-modules-load.service(8); modules-load.d(5); OpenRC's `modules`
  /// service, which Alpine's own version of reads both places; Debian's kmod does under sysvinit.
  public static func detect(host: HostDetection) -> BootModules {
    let root = host.root
    if host.wsl.version == 2, !runsSystemd(root) {
      return none(
        "Under WSL nothing loads modules at start: systemd is not switched on.",
        "Write systemd=true below [boot] in /etc/wsl.conf, run wsl.exe --shutdown from Windows, and "
          + "plan again; or load it for now only: --set persist=no")
    }
    if hasSystemd(root) { return BootModules(place: .modulesLoad, obstacle: nil) }
    let service = "/etc/init.d/modules"
    guard let text = root.text(service).value else {
      return BootModules(place: .modulesLoad, obstacle: nil)
    }
    guard isInRunlevel("modules", root) else {
      return none(
        "OpenRC's service modules is in no runlevel: nothing would load a module at boot.",
        "Add it: rc-update add modules boot; or load the module for now only: --set persist=no")
    }
    let readsFolder = text.contains("modules-load.d")
    return BootModules(place: readsFolder ? .modulesLoad : .etcModules, obstacle: nil)
  }

  private static func none(_ sentence: String, _ hint: String) -> BootModules {
    BootModules(place: .none, obstacle: (sentence, hint))
  }

  private static func hasSystemd(_ root: HostRoot) -> Bool {
    runsSystemd(root)
      || ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"].contains(where: root.exists)
  }

  private static func runsSystemd(_ root: HostRoot) -> Bool { root.exists("/run/systemd/system") }

  private static func isInRunlevel(_ service: String, _ root: HostRoot) -> Bool {
    let runlevels = root.list("/etc/runlevels").value ?? []
    return runlevels.contains { level in
      (root.list("/etc/runlevels/\(level)").value ?? []).contains(service)
    }
  }
}

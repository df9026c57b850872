import PawlHost
import PawlModel
import PawlRecipes

/// What the recipe `wsl-kernel` wants to know of a host. Windows is asked where its user's folder is, and
/// which WSL it has; nothing is guessed.
struct WSLFacts {
  private let root: HostRoot
  private let parameters: [String: String]
  private let running: String
  private let home: String
  private let folder: WindowsPath

  /// The recipe asks for the folder of Windows' user.
  static func areWanted(by recipe: Recipe) -> Bool {
    recipe.parameters.contains { $0.standard?.raw == "{{windows_home}}" }
  }

  /// Throws `refused` where this is no WSL 2, or not one that can start such a kernel.
  init(parameters: [String: String], detection: HostDetection, windows: WindowsPrograms) throws {
    root = detection.root
    self.parameters = parameters
    running = detection.release.value?.text ?? ""
    try Self.requireWSL2(detection)
    let side = WindowsSide.detect(root: root)
    home = try parameters["windows_home"] ?? windows.home()
    guard root.kind(home).value == .folder else {
      throw PawlError(
        .refused, "\(home) is no folder here.", hint: "Name the folder of Windows' user.")
    }
    guard let folder = side.windowsPath(of: home)?.appending("pawl") else {
      throw PawlError(
        .refused, "\(home) is on no drive of Windows that is mounted here.",
        hint: "Name the folder of Windows' user: --set windows_home=/mnt/c/Users/NAME")
    }
    self.folder = folder
    try requireDrivers(windows)
    try requireReadable(settings)
  }

  /// Throws `refused` where nobody would look after the trial.
  func values(hookFault: String?) throws -> [String: String] {
    let restarts = root.isLive && parameters["restart"] != "no"
    if restarts, let hookFault { throw PawlError(.refused, hookFault, hint: "Then plan again.") }
    return [
      "windows_home": home,
      "windows_folder": folder.text,
      "windows_folder_here": root.path(here),
      "wsl_settings": root.path(settings),
      "wsl_settings_exist": root.exists(settings) ? "yes" : "no",
      "wsl_source": source,
      "wsl_restart": restarts ? "yes" : "no",
      "wsl_return_script": WSLReturnScript.text,
    ]
  }

  private var here: String { "\(home)/pawl" }
  private var settings: String { "\(home)/.wslconfig" }

  /// That of the kernel that runs, by Microsoft's tag for it; nothing where that one is somebody's own.
  var source: String {
    let version = running.prefix { $0.isNumber || $0 == "." }
    guard running.dropFirst(version.count).hasPrefix("-microsoft-standard"),
      version.split(separator: ".").count == 4
    else { return KernelSource.installed ?? "" }
    return "git:https://github.com/microsoft/WSL2-Linux-Kernel@linux-msft-wsl-\(version)"
  }

  /// Programs that look for WSL look for Microsoft's name in the release.
  func localVersion(_ version: String) -> String {
    let taken = Set(root.list(here).value ?? [])
    var number = 1
    func name() -> String { "-microsoft-standard-WSL2-pawl\(number)" }
    while taken.contains(version + name()) || root.exists("/lib/modules/\(version)\(name())") {
      number += 1
    }
    return name()
  }

  // MARK: - Refusals

  private static func requireWSL2(_ detection: HostDetection) throws {
    guard detection.wsl.version != 2 else { return }
    throw PawlError(
      .refused,
      detection.wsl.version == 1
        ? "This is WSL 1, which has no Linux kernel."
        : "This is no WSL: Windows starts no kernel of it.",
      hint: detection.wsl.version == 1
        ? "In Windows: wsl --set-version NAME 2" : "The recipe kernel-rebuild is for this host.")
  }

  private func requireDrivers(_ windows: WindowsPrograms) throws {
    guard parameters["drivers"] == WSLDrivers.disk.rawValue else {
      let modules = (parameters["options"] ?? "").split(separator: ",").filter {
        $0.hasSuffix("=m")
      }
      guard let first = modules.first else { return }
      throw PawlError(
        .refused, "\(first) would be a module, and without a disk of modules WSL has none.",
        hint: "Write =y, or --set drivers=disk for a WSL from 2.5.1 on.")
    }
    let missing = ["qemu-img", "mke2fs", "debugfs"].filter { !HostRoot.live.hasProgram($0) }
    guard missing.isEmpty else {
      throw PawlError(
        .refused, "A disk of modules takes \(missing.joined(separator: ", ")), not installed here.",
        hint: "sudo apt-get install qemu-utils e2fsprogs")
    }
    guard root.isLive else { return }
    let version = try windows.version()
    guard version?.hasModulesDisk != true else { return }
    throw PawlError(
      .refused,
      "This WSL (\(version?.description ?? "part of Windows, without a version of its own")) attaches no "
        + "disk of modules; that came with 2.5.1.",
      hint: "In Windows: wsl --update. Or leave drivers=built-in.")
  }

  /// A file that Pawl cannot read it would not edit at the end of two hours.
  private func requireReadable(_ settings: String) throws {
    switch root.read(settings, limit: 1 << 20) {
    case .absent: return
    case .unreadable(let reason):
      throw PawlError(.refused, "\(settings) cannot be read: \(reason).")
    case .present(let bytes): try WSLTerms.requireReadable(bytes)
    }
  }
}

import Foundation
import Glibc
import PawlHost
import PawlModel
import PawlRecipes

/// The values behind the `{{name}}`s of recipes, looked up on this host. A fact that cannot be
/// known is left out; the planner then says which one a recipe misses.
struct FactGatherer {
  let host: LiveHost
  let request: PlanFactory.Request
  let parameters: [String: String]
  let detection: HostDetection
  private let running: String
  /// That the plan is for the system that runs.
  var isLive: Bool
  /// Why nobody would look after a trial; nil where the boot hook is in place.
  var hookFault: String?
  /// Gathered once: every file of the source is looked at.
  private let dkms: DKMSFacts?
  private let wsl: WSLFacts?

  /// Throws `refused` where what the recipe is about cannot be done here.
  init(
    host: LiveHost, request: PlanFactory.Request, parameters: [String: String],
    detection: HostDetection
  ) throws {
    self.host = host
    self.request = request
    self.parameters = parameters
    self.detection = detection
    running = detection.release.value?.text ?? host.runningRelease()
    isLive = detection.root.isLive
    hookFault =
      HookStanding(program: request.program, journal: request.journal, files: host).fault
    wsl =
      WSLFacts.areWanted(by: request.recipe)
      ? try WSLFacts(
        parameters: parameters, detection: detection, windows: .live(processes: host)) : nil
    guard Self.usesDKMS(request.recipe), let module = parameters["module"] else {
      dkms = nil
      return
    }
    dkms = try DKMSFacts(
      module, parameters: parameters, running: running, program: request.program,
      detection: detection)
  }

  private var root: HostRoot { HostRoot(path: request.root) }

  private var boot: BootFacts {
    BootFacts(
      root: root, isLive: isLive, release: running, host: host, parameters: parameters,
      initramfs: detection.initramfs.value?.name)
  }

  private var kernel: KernelFacts {
    KernelFacts(detection: detection, isLive: isLive, running: running, parameters: parameters)
  }

  func values() throws -> [String: String] {
    if triesKernels, isLive { try KernelInstallation.requireKnown(on: detection) }
    var values: [String: String] = [
      "pawl": request.program,
      "jobs": String(Self.jobs),
      "work": parameters["work"] ?? Self.freshWorkFolder(for: request.asker),
      "modules_folder": modulesFolder,
      "trial_token": Self.freshToken(),
      "missing_dependencies": missingDependencies.joined(separator: " "),
      "build_timestamp": Self.timestamp(),
      "default_source": KernelSource.installed ?? "",
      "installed_release": detection.release.value?.text ?? "",
    ]
    if let image = Self.image {
      values["kernel_image"] = image.path
      values["kernel_target"] = image.target
    }
    values.merge(kernel.values) { _, new in new }
    if let early = try earlyFacts() { values.merge(early.values) { _, new in new } }
    if let dkms { values.merge(dkms.values) { _, new in new } }
    if let module = parameters["module"], dkms == nil {
      values["module_state"] = Self.word(detection.modules.state(module))
      // Where it cannot be told, it is not Pawl's to take away.
      values["module_loaded"] = detection.modules.isLoaded(module) == false ? "no" : "yes"
      values.merge(try bootModules(module)) { _, new in new }
    }
    let config = parameters["config"] ?? installedConfig
    values["config_module"] = parameters["config"] == nil && keepsConfigInModule ? Self.configs : ""
    if let config { values["running_config"] = config }
    values["config_packed"] = config?.hasSuffix(".gz") == true ? "yes" : "no"
    if let stage = parameters["stage"] {
      let release = try StagedKernel(stage: stage).release()
      try kernel.requireHeaders(of: release, stage: stage)
      values["stage_release"] = release
    }
    values["qemu"] = Preboot.installedEmulator() ?? ""
    if let wsl { values.merge(try wsl.values(hookFault: hookFault)) { _, new in new } }
    var boot = boot
    boot.hookFault = hookFault
    boot.config = newConfig(values["stage_release"])
    boot.stageRelease = values["stage_release"]
    values.merge(try boot.values(triesKernels: triesKernels)) { _, new in new }
    try addSource(to: &values)
    return values
  }

  func lists() throws -> [String: [String]] {
    var lists: [String: [String]] = [
      "dependency_install": [], "dependency_check": [], "source_files": [],
      "boot_loader_files": boot.changedFiles,
    ]
    let missing = missingDependencies
    if let dependencies {
      lists["dependency_install"] = dependencies.installCommand(missing, by: request.program)
      lists["dependency_check"] = ["dpkg", "-s"] + missing
    }
    if let source = sourceText, case .archive(let path)? = try? SourceTree.Origin(source) {
      lists["source_files"] = [path]
    }
    lists.merge(kernel.lists) { _, new in new }
    if let dkms { lists.merge(dkms.lists) { _, new in new } }
    return lists
  }

  private static func usesDKMS(_ recipe: Recipe) -> Bool {
    recipe.parameters.contains { $0.standard?.raw == "{{dkms_version}}" }
  }

  /// Of a recipe that tries the running kernel with a module that comes first.
  private func earlyFacts() throws(PawlError) -> EarlyFacts? {
    if let devices = parameters["devices"] {
      return try EarlyFacts(
        devices: devices, release: running, loader: boot.loader, detection: detection)
    }
    guard triesKernels, let name = parameters["module"] else { return nil }
    return try EarlyFacts(
      module: EarlyModule(name: name, options: parameters["options"] ?? ""), release: running,
      loader: boot.loader, detection: detection)
  }

  /// What is part of the kernel needs nothing at boot. Throws `refused` where nothing would load it.
  private func bootModules(_ module: String) throws -> [String: String] {
    let isWanted =
      parameters["persist"] == "yes" && detection.modules.state(module) != .builtin
    let found = BootModules.detect(host: detection)
    if isWanted, let obstacle = found.obstacle {
      throw PawlError(.refused, obstacle.sentence, hint: obstacle.hint)
    }
    let place = isWanted ? found.place : .none
    let file: String =
      switch place {
      case .modulesLoad: "/etc/modules-load.d/pawl-\(module).conf"
      case .etcModules: "/etc/modules"
      case .none: ""
      }
    return ["boot_modules": place.rawValue, "boot_modules_file": file]
  }

  /// That of a kernel which is there already, or the one that a build begins with.
  private func newConfig(_ staged: String?) -> KernelConfig? {
    guard triesKernels else { return nil }
    if let stage = parameters["stage"], let staged {
      return KernelConfig.read("/boot/config-\(staged)", root: HostRoot(path: stage)).value
    }
    guard let path = parameters["config"] ?? installedConfig else { return nil }
    return KernelConfig.read(path, root: .live).value
  }

  var raisedRisks: [StepID: Risk] {
    guard triesKernels else { return [:] }
    return boot.raisedRisks
  }

  private var triesKernels: Bool {
    request.recipe.parameters.contains { $0.name == "trial" }
  }

  // MARK: - Where things are

  func mounts() -> [MountFact] {
    let journalFolder = (request.journal as NSString).deletingLastPathComponent
    let copies = boot.copiesFolder
    let live = ["/boot", "/lib/modules"] + [copies].compactMap { $0 }
    let paths = [journalFolder] + (isLive ? live : [request.root])
    return (paths + [workFolder].compactMap { $0 }).compactMap { host.mount(of: $0) }
  }

  /// Of recipes that build in one.
  private var workFolder: String? {
    guard request.recipe.parameters.contains(where: { $0.name == "work" }) else { return nil }
    return parameters["work"] ?? Self.workPlace(for: request.asker)
  }

  var rootIsWritable: Bool { access(request.root, W_OK) == 0 }

  var state: @Sendable (String) throws(PawlError) -> FileState {
    { path throws(PawlError) in
      do {
        return try LiveHost().state(at: path)
      } catch let error as PawlError {
        throw error
      } catch {
        throw PawlError(.inputOutput, "\(path) cannot be looked at: \(error)")
      }
    }
  }

  /// The real folder: on merged systems `/lib` is a link, which copies never follow.
  private var modulesFolder: String {
    let lib = root.resolve("/lib") ?? root.path("/lib")
    return lib + "/modules"
  }

  /// The configuration of the installed kernel; Arch has it in /proc alone, packed.
  private var installedConfig: String? {
    detection.config.found.map { root.path($0.path) } ?? (keepsConfigInModule ? Self.packed : nil)
  }

  /// Of a kernel whose IKCONFIG is a module: /proc has the file once that is loaded.
  private var keepsConfigInModule: Bool {
    guard isLive, detection.config.found == nil else { return false }
    switch detection.modules.state(Self.configs) {
    case .available: return true
    case .loaded, .builtin, .missing, .unknown: return false
    }
  }

  private static let configs = "configs"
  private static let packed = "/proc/config.gz"

  /// Never below a folder of root's: the build user makes it. `/var/tmp` survives a restart.
  private static func freshWorkFolder(for asker: Identity) -> String {
    "\(workPlace(for: asker))/pawl-build-\(UInt32.random(in: 0...UInt32.max))"
  }

  private static func workPlace(for asker: Identity) -> String {
    asker.isRoot ? "/var/tmp" : "\(asker.home)/.cache/pawl"
  }

  /// Unlike any other on this machine, now or later: it tells one trial from another.
  private static func freshToken() -> String {
    String(UInt64.random(in: 0...UInt64.max), radix: 16)
  }

  // MARK: - The build

  /// Packages are installed where the build runs: on this host, whatever the root.
  private var builder: HostRoot { isLive ? root : .live }

  private var dependencies: BuildDependencies? {
    guard let system = OperatingSystem.detect(root: builder).value else { return nil }
    return BuildDependencies.of(system.family)
  }

  private var missingDependencies: [String] {
    dependencies?.missing(root: builder, besides: format?.debianTools ?? []).value ?? []
  }

  /// Of a recipe that makes packages.
  private var format: KernelPackages.Format? {
    request.recipe.parameters.contains { $0.name == "format" } ? kernel.format : nil
  }

  /// At least 1.5 GiB of memory for each compiler.
  private static var jobs: Int {
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    return max(1, min(cores, memory / (3 << 29)))
  }

  private static func timestamp() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "EEE MMM d HH:mm:ss 'UTC' yyyy"
    return formatter.string(from: Date())
  }

  private static var image: (path: String, target: String)? {
    #if arch(x86_64)
      ("arch/x86/boot/bzImage", "bzImage")
    #elseif arch(arm64)
      ("arch/arm64/boot/Image", "Image")
    #else
      nil
    #endif
  }

  private static func word(_ state: ModuleState) -> String {
    switch state {
    case .builtin: "built-in"
    case .loaded, .available: "loadable"
    case .missing, .unknown: "missing"
    }
  }

  // MARK: - The source

  private var sourceText: String? {
    parameters["source"] ?? wsl?.source ?? KernelSource.installed
  }

  private func addSource(to values: inout [String: String]) throws {
    guard let text = sourceText, parameters["module"] == nil else { return }
    let source = KernelSource(text: text, tool: Programs.planning(host: host, as: request.builder))
    guard let version = try parameters["version"] ?? source.version() else { return }
    try format?.require(of: version)
    values["kernel_version"] = version
    values["wsl_localversion"] = wsl?.localVersion(version)
    values["free_localversion"] = freeLocalVersion(version)
  }

  private func freeLocalVersion(_ version: String) -> String {
    var number = 1
    while isTaken(version + "-pawl\(number)") { number += 1 }
    return "-pawl\(number)"
  }

  private func isTaken(_ release: String) -> Bool {
    ["/lib/modules/\(release)", "/usr/lib/modules/\(release)", "/boot/vmlinuz-\(release)"]
      .contains { root.exists($0) }
  }
}

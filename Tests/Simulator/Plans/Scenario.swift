import PawlEngine
import PawlModel

/// A plan, the host it is for, and how its programs behave there.
public struct Scenario {
  var name: String
  var plan: FrozenPlan
  var files: [String: SimulatedDisk.Node]
  var programs: [[String]: ProgramModel]
  var person = Temper()
  var trialKernel = TrialKernel.works
  /// Files that others too make anew at any time, and how.
  var generators: [String: Generator] = [:]
  /// What the system sets up by itself: the flag, and the first boot that does so.
  var flagsAtBoot: [String: Int] = [:]

  /// The image of the kernel known to boot.
  static let fallback = "/boot/vmlinuz-6.1.0-fallback"

  /// Where Pawl writes down the way back before the first high step.
  static let rescue = RescueCard.path(root: "/")

  static let newImage = Array("new kernel".utf8)
  static let newInitramfs = Array("initramfs".utf8)

  var machineID: String? { plan.machineID }

  /// The loader of this host is simulated: what it starts is what its menu says.
  var hasMenu: Bool {
    generators[SimulatedMenu.path] != nil && plan.steps.contains { $0.action.trialTerms != nil }
  }

  /// A host whose boot menu is made by the loader's own generator.
  mutating func addMenu() {
    let menu = SimulatedMenu(kernelsOf: SimulatedDisk(files: files))
    files[SimulatedMenu.path] = Self.file(
      String(decoding: menu.bytes, as: UTF8.self), mode: 0o600)
    generators[SimulatedMenu.path] = .menu
  }

  func model(of argv: [String]) -> ProgramModel? {
    plan.steps.contains { $0.check?.argv == argv } ? ProgramModel() : programs[argv]
  }

  /// Folders that are file systems of their own: syncing one does nothing for the others.
  func fileSystem(of path: String) -> String {
    ["/boot", "/srv"].first { path == $0 || path.hasPrefix($0 + "/") } ?? "/"
  }

  /// Files of the plan that somebody else might write too.
  var editablePaths: [String] {
    var paths: Set<String> = []
    for step in plan.steps {
      paths.formUnion(step.pathsToBackUp.filter { !(step.generated ?? []).contains($0) })
      if case .copyFile(let from, _, _) = step.action { paths.insert(from) }
      if case .build(_, let command) = step.action {
        paths.formUnion(model(of: command.argv)?.effect.files.keys.map(\.self) ?? [])
      }
    }
    return paths.sorted()
  }
}

/// How the simulated person decides, in percent.
public struct Temper: Hashable, Sendable {
  var approvesAllAtOnce = 80
  var refuses = 4
  var mistypesDigest = 10
  var rollsBackSuccess = 25
  var retriesFailure = 75
  var resumesPause = 65
  var restartsIntoOther = 12
  /// Starts a runner where the host was told to restart and is still there.
  var runsBeforeRestart = 12
  /// Rejects, gives up or pulls the plug for no reason.
  var hasWhims = true
}

extension Scenario {
  static let planIdentity = Identity(uid: 0, gid: 0, groups: [], name: "root", home: "/root")
  static let builder = Identity(
    uid: 1000, gid: 1000, groups: [1000, 27], name: "ada", home: "/home/ada")

  static let oldRelease = "6.1.0-fallback"
  static let newRelease = "6.1.0-pawl1"

  /// The frame around a list of steps.
  static func plan(_ recipe: String, steps: [FrozenStep]) -> FrozenPlan {
    FrozenPlan(
      recipe: recipe, summary: "A simulated change", rollback: "Select the old kernel in the menu.",
      hostName: "tern", machineID: "3f1c", asker: builder,
      environment: ["PATH": "/usr/sbin:/usr/bin", "LANG": "C.UTF-8"],
      mounts: [MountFact(path: "/boot", fileSystem: "ext4", source: "disk/boot")],
      runningRelease: oldRelease, newRelease: newRelease, steps: steps)
  }

  static func file(_ text: String, mode: UInt32 = 0o644, uid: UInt32 = 0) -> SimulatedDisk.Node {
    var metadata = FileMetadata.plain(mode: mode, uid: uid, at: 1_600_000_000_000)
    metadata.attributes = ["security.selinux": "ZXRjX3Q="]
    return SimulatedDisk.Node(bytes: Array(text.utf8), metadata: metadata)
  }
}

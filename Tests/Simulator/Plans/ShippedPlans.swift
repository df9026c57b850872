import PawlModel
import PawlRecipes

/// The shipped recipes as plans, with the hosts they are for.
func shippedScenarios() throws -> [Scenario] {
  try [
    ShippedScenario(recipe: "module-load", settings: ["module": "vfio-pci"], models: moduleLoad),
    ShippedScenario(
      recipe: "kernel-rebuild", settings: ["options": "VFIO=m"], models: kernelRebuild),
  ].map { try $0.scenario() }
}

/// The recipes that try a kernel, once for each fate of that kernel.
func trialScenarios() throws -> [Scenario] {
  let recipes = [
    ShippedScenario(
      recipe: "kernel-rebuild", settings: ["options": "VFIO=m"], models: kernelRebuild,
      bootPlan: "trial"),
    ShippedScenario(
      recipe: "kernel-install", settings: ["stage": stage], models: kernelRebuild,
      bootPlan: "trial"),
  ]
  return try recipes.flatMap { recipe in
    try TrialKernel.allCases.map { fate in
      var scenario = try recipe.scenario()
      scenario.name += ", a trial kernel that \(fate)"
      scenario.trialKernel = fate
      return scenario
    }
  }
}

/// The plans alone.
public func shippedPlans() throws -> [FrozenPlan] {
  try (shippedScenarios() + trialScenarios()).map(\.plan)
}

/// A recipe from the table of shipped ones, planned for a made-up host.
private struct ShippedScenario {
  var recipe: String
  var settings: [String: String]
  /// What the program of each step does, and its undo, by the step's name.
  var models: [String: (act: [ProgramModel.Deed], undo: [ProgramModel.Deed])]
  var bootPlan = "menu"

  private let files: [String: SimulatedDisk.Node] = [
    "/boot/config-\(Scenario.oldRelease)": Scenario.file("CONFIG_SMP=y\nCONFIG_VFIO=n\n"),
    "/usr/src/linux-source-6.1.tar.xz": Scenario.file("a tarball"),
    "/boot/grub/grub.cfg": Scenario.file("menu of old\n", mode: 0o600),
    Scenario.fallback: Scenario.file("the kernel known to boot"),
    "\(stage)/boot/vmlinuz-\(Scenario.newRelease)": Scenario.file("new kernel"),
    "\(stage)/boot/config-\(Scenario.newRelease)": Scenario.file("config"),
    "\(stage)/lib/modules/\(Scenario.newRelease)/kernel/vfio.ko": Scenario.file("module"),
  ]

  func scenario() throws -> Scenario {
    guard let entry = ShippedRecipes.named(recipe) else {
      throw PawlError(.noInput, "There is no shipped recipe \(recipe).")
    }
    let read = try Recipe.read(bytes: entry.bytes, fileName: recipe).get()
    let plan = try RecipePlanner.plan(recipe: read, settings: settings, facts: facts)
    var scenario = Scenario(name: recipe, plan: plan, files: files, programs: [:])
    for step in plan.steps {
      let deeds = models[step.id.name]
      if let argv = step.action.program?.argv {
        scenario.programs[argv] = ProgramModel(
          deeds: [.print(30)] + (deeds?.act ?? []), processName: argv.first?.lastName ?? "")
      }
      if let undo = step.undo {
        scenario.programs[undo.argv] = ProgramModel(deeds: deeds?.undo ?? [])
      }
    }
    if bootPlan == "trial" { scenario.addMenu() }
    return scenario
  }

  private var facts: PlanningFacts {
    let files = files
    return PlanningFacts(
      values: [
        "pawl": "/usr/bin/pawl", "jobs": "2", "work": work, "module_state": "loadable",
        "module_loaded": "no", "boot_modules": "modules-load.d",
        "boot_modules_file": "/etc/modules-load.d/pawl-vfio-pci.conf",
        "installed_release": Scenario.oldRelease,
        "running_config": "/boot/config-\(Scenario.oldRelease)",
        "default_source": "/usr/src/linux-source-6.1.tar.xz", "kernel_version": "6.1.0",
        "free_localversion": "-pawl1", "kernel_image": "arch/x86/boot/bzImage",
        "kernel_target": "bzImage", "build_timestamp": "Thu Jan  1 00:00:00 UTC 2026",
        "modules_folder": "/usr/lib/modules", "initramfs_prefix": "initrd.img-",
        "package_format": "deb", "package_target": "bindeb-pkg",
        "makepkg_options": "",
        "initramfs_suffix": "", "initramfs_maker": "hooks", "dkms_carried": "",
        "kernel_headers": "no", "config_packed": "no",
        "boot_plan": bootPlan, "trial_token": "sim",
        "fallback_folder": SimulatedMenu.copies(of: Scenario.oldRelease),
        "stage_release": Scenario.newRelease, "fallback_package": "", "fallback_proven": "yes",
        "fallback_doubt": "", "return_forecast": "",
        "missing_dependencies": "bc",
      ],
      lists: [
        "dependency_install": ["apt-get", "install", "--yes", "bc"],
        "dependency_check": ["dpkg", "-s", "bc"],
        "source_files": ["/usr/src/linux-source-6.1.tar.xz"],
        "dkms_carried_modules": [],
        "boot_loader_files": [SimulatedMenu.fragment, SimulatedMenu.path],
      ],
      hostName: "tern", machineID: "3f1c", root: "/", asker: Scenario.builder, rootIdentity: .root,
      rootIsWritable: true, buildIdentity: nil,
      environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"],
      mounts: [MountFact(path: "/", fileSystem: "ext4", source: "disk/")],
      runningRelease: Scenario.oldRelease
    ) { (path) throws(PawlError) -> FileState in files[path]?.state ?? .absent }
  }
}

extension String {
  fileprivate var lastName: String { split(separator: "/").last.map(String.init) ?? self }
}

/// On a file system of its own, so that a sync of the wrong one is noticed.
private let work = "/srv/pawl/1"
private let stage = "/srv/stage"

private typealias Models = [String: (act: [ProgramModel.Deed], undo: [ProgramModel.Deed])]

private let moduleLoad: Models = [
  "load": ([.setFlag("vfio_pci")], [.clearFlag("vfio_pci")])
]

private let kernelRebuild: Models = {
  func file(_ path: String, _ text: String, mode: UInt32 = 0o644) -> ProgramModel.Deed {
    .write(path: path, bytes: Array(text.utf8), mode: mode)
  }
  func object(_ path: String) -> ProgramModel.Deed {
    .object(path: "\(work)/build/\(path)", bytes: Array(path.utf8))
  }
  let release = Scenario.newRelease
  let modules = "\(work)/stage/lib/modules/\(release)"
  let installed = "/usr/lib/modules/\(release)"
  return [
    "dependencies": ([file("/usr/bin/bc", "bc", mode: 0o755)], []),
    "source": (
      [file("\(work)/source/Makefile", "all:"), file("\(work)/source.manifest", "m")], []
    ),
    "options": ([.completeConfig(path: "\(work)/build/.config", dropping: [])], []),
    "prepare": ([object("include/config/auto.conf")], []),
    "build": (
      [object("a.o"), object("b.o"), object("vmlinux"), object("arch/x86/boot/bzImage")]
        + [object("System.map")], []
    ),
    "stage-modules": ([file("\(modules)/kernel/vfio.ko", "module")], []),
    "stage-kernel": (
      [
        file("\(work)/stage/boot/vmlinuz-\(release)", "new kernel"),
        file("\(work)/stage/boot/config-\(release)", "config"),
      ], []
    ),
    "depmod": (
      [file("\(installed)/modules.dep", "list"), file("\(installed)/modules.alias", "")], []
    ),
    "hooks": (
      [file("/boot/initrd.img-\(release)", "initramfs")],
      [.remove(path: "/boot/initrd.img-\(release)")]
    ),
    "pin": (ProgramModel.Deed.pin(Scenario.oldRelease), ProgramModel.Deed.applyMenu),
    "boot-menu": (
      ProgramModel.Deed.addTrial(release, token: "sim"), ProgramModel.Deed.applyMenuWithoutKernel
    ),
    "promote": (ProgramModel.Deed.promote(release), ProgramModel.Deed.applyMenu),
    "menu": ([file("/boot/grub/grub.cfg", "menu of both\n", mode: 0o600)], []),
  ]
}()

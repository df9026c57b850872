import PawlModel

/// The steps of a kernel rebuild: configuration, build, modules, image, restart; with a trial, what
/// the boot menu takes besides.
struct KernelSteps {
  var dropsOption = false
  var restarts = true
  var trial: TrialTerms?
  var objects = 3

  private let tree = "/srv/build"
  private var made: String { tree + "/out" }

  func add(to builder: inout PlanBuilder) {
    builder.addFile("/boot/config-old", "CONFIG_OLD=y\nCONFIG_VFIO=n\n", uid: 1000)
    addConfiguration(to: &builder)
    let build = addBuild(to: &builder)
    if restarts, trial != nil {
      builder.addMenu()
      addMenuStep("pin", ProgramModel.Deed.pin(Scenario.oldRelease), to: &builder)
    }
    addInstallation(of: build, to: &builder)
    guard restarts else { return }
    if let trial {
      addMenuStep(
        "trial", ProgramModel.Deed.addTrial(Scenario.newRelease, token: trial.token), to: &builder)
    }
    builder.add(
      FrozenStep(
        id: builder.nextID, label: "Restart",
        action: .restart(
          kind: .system, message: "Restart into the new kernel.",
          expectedRelease: Scenario.newRelease, trial: trial),
        risk: .medium, runsAs: .root, interrupted: trial == nil ? .ask : .retry))
    if trial != nil {
      addMenuStep("promote", ProgramModel.Deed.promote(Scenario.newRelease), to: &builder)
    }
  }

  private func addMenuStep(
    _ change: String, _ deeds: [ProgramModel.Deed], to builder: inout PlanBuilder
  ) {
    builder.addProgram(["boot-entries", change], ProgramModel(deeds: deeds))
    let isTrial = change == "trial"
    let undo = Command(argv: ["boot-entries", "apply"] + (isTrial ? ["--release", "new"] : []))
    let undoing =
      isTrial ? ProgramModel.Deed.applyMenuWithoutKernel : ProgramModel.Deed.applyMenu
    builder.addProgram(undo.argv, ProgramModel(deeds: undoing))
    var step = FrozenStep(
      id: builder.nextID, label: "Change the boot menu",
      action: .command(Command(argv: ["boot-entries", change])), risk: .medium, needsRoot: true,
      runsAs: .root, check: Command(argv: ["boot-entries", change, "--check"]),
      undo: undo, timeoutSeconds: 600, interrupted: .retry,
      backups: [SimulatedEntries.path],
      outputs: change == "pin" ? [SimulatedMenu.copies(of: Scenario.oldRelease)] : [])
    step.generated = [SimulatedMenu.fragment, SimulatedMenu.path]
    builder.add(step)
  }

  private func addConfiguration(to builder: inout PlanBuilder) {
    builder.add(
      FrozenStep(
        id: builder.nextID, label: "Copy the configuration",
        action: .copyFile(from: "/boot/config-old", to: tree + "/.config", mode: 0o644),
        risk: .low, runsAs: Scenario.builder, interrupted: .retry),
      factsFor: ["/boot/config-old"])
    let make = ["make", "O=\(tree)", "olddefconfig"]
    builder.addProgram(
      make,
      ProgramModel(deeds: [
        .print(20),
        .completeConfig(path: tree + "/.config", dropping: dropsOption ? ["VFIO"] : []),
      ]))
    builder.add(
      FrozenStep(
        id: builder.nextID, label: "Set options",
        action: .kernelConfig(
          source: "/usr/src/linux", build: tree, set: ["VFIO": "m", "KVM": "y"],
          make: Command(argv: make)),
        risk: .high, runsAs: Scenario.builder, timeoutSeconds: 600, interrupted: .retry))
  }

  private func addBuild(to builder: inout PlanBuilder) -> FrozenStep {
    let make = ["make", "-j2", "O=\(tree)"]
    var deeds: [ProgramModel.Deed] = (0..<objects).map {
      .object(path: "\(tree)/o\($0).o", bytes: Array("object \($0)".utf8))
    }
    deeds.append(.object(path: "\(made)/image", bytes: Scenario.newImage))
    deeds.append(.object(path: "\(made)/kernel/vfio.ko", bytes: Array("module".utf8)))
    builder.addProgram(make, ProgramModel(deeds: deeds, processName: "make"))
    let step = FrozenStep(
      id: builder.nextID, label: "Build",
      action: .build(directory: tree, command: Command(argv: make)),
      risk: .high, runsAs: Scenario.builder, timeoutSeconds: 36_000, interrupted: .retry,
      outputs: [made])
    builder.add(step)
    return step
  }

  private func addInstallation(of build: FrozenStep, to builder: inout PlanBuilder) {
    builder.add(
      FrozenStep(
        id: builder.nextID, label: "Install modules",
        action: .copyTree(
          from: made + "/kernel", to: "/lib/modules/\(Scenario.newRelease)"),
        risk: .high, needsRoot: true, runsAs: .root, interrupted: .retry, uses: [build.id]))
    builder.add(
      FrozenStep(
        id: builder.nextID, label: "Install the image",
        action: .copyFile(
          from: made + "/image", to: "/boot/vmlinuz-\(Scenario.newRelease)", mode: 0o644),
        risk: .high, needsRoot: true, runsAs: .root, interrupted: .retry, uses: [build.id]))
  }
}

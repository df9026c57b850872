import PawlModel

/// The shipped recipes as plans, with the hosts they are for.
func shippedScenarios() -> [Scenario] { [moduleLoad(), kernelRebuild()] }

/// The plans alone.
public func shippedPlans() -> [FrozenPlan] { shippedScenarios().map(\.plan) }

private func moduleLoad() -> Scenario {
  var builder = PlanBuilder()
  builder.addProgram(["modprobe", "vfio-pci"], ProgramModel(deeds: [.setFlag("vfio_pci")]))
  builder.addProgram(["modprobe", "-r", "vfio-pci"], ProgramModel(deeds: [.clearFlag("vfio_pci")]))
  builder.addProgram(["modprobe", "-n", "vfio-pci"], ProgramModel(deeds: [.print(10)]))
  builder.add(
    FrozenStep(
      id: "exists", label: "Check that the module exists",
      action: .command(Command(argv: ["modprobe", "-n", "vfio-pci"])), risk: .low, runsAs: .root,
      effects: .none, interrupted: .retry))
  builder.add(
    FrozenStep(
      id: "load", label: "Load the module",
      action: .command(Command(argv: ["modprobe", "vfio-pci"])), risk: .low, needsRoot: true,
      runsAs: .root, check: Command(argv: ["check", "vfio-pci"]),
      undo: Command(argv: ["modprobe", "-r", "vfio-pci"]), timeoutSeconds: 60, effects: .volatile,
      interrupted: .check))
  builder.add(
    FrozenStep(
      id: "persist", label: "Load it at every boot",
      action: .writeFile(
        path: "/etc/modules-load.d/vfio.conf", content: "vfio-pci\n", mode: 0o644),
      risk: .low, needsRoot: true, runsAs: .root, interrupted: .retry))
  return builder.scenario("module-load")
}

private func kernelRebuild() -> Scenario {
  var builder = PlanBuilder()
  builder.addFile("/boot/grub/grub.cfg", "menu of old\n")
  builder.addProgram(
    ["apt-get", "install", "-y", "bc"],
    ProgramModel(
      deeds: [.print(50), .write(path: "/usr/bin/bc", bytes: [1], mode: 0o755)],
      processName: "apt-get"))
  builder.add(
    FrozenStep(
      id: "build-deps", label: "Install what a build needs",
      action: .command(Command(argv: ["apt-get", "install", "-y", "bc"])), risk: .medium,
      needsRoot: true, runsAs: .root, check: Command(argv: ["check", "build-deps"]),
      interrupted: .check))
  var kernel = KernelSteps()
  kernel.restarts = false
  kernel.add(to: &builder)
  builder.addProgram(
    ["update-grub"],
    ProgramModel(
      deeds: [
        .print(30),
        .write(path: "/boot/grub/grub.cfg", bytes: Array("menu of both\n".utf8), mode: 0o600),
      ], processName: "grub-mkconfig"))
  builder.add(
    FrozenStep(
      id: "menu", label: "Write the boot menu",
      action: .command(Command(argv: ["update-grub"])), risk: .medium, needsRoot: true,
      runsAs: .root, interrupted: .retry, backups: ["/boot/grub/grub.cfg"]))
  builder.add(
    FrozenStep(
      id: "restart", label: "Restart",
      action: .restart(
        kind: .system, message: "Restart to load the new kernel.",
        expectedRelease: Scenario.newRelease),
      risk: .medium, runsAs: .root, interrupted: .ask))
  return builder.scenario("kernel-rebuild")
}

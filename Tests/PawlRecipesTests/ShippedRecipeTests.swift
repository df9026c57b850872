import Foundation
import PawlModel
import Testing

@testable import PawlRecipes

@Suite struct ShippedRecipeTests {
  @Test("The table of shipped recipes is the folder of shipped recipes")
  func listsFolder() throws {
    let folder = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/PawlRecipes/Shipped")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.sorted() == ShippedRecipes.all.map { $0.name + ".yaml" }.sorted())
    for entry in ShippedRecipes.all {
      let file = try Data(contentsOf: folder.appending(path: entry.name + ".yaml"))
      #expect(entry.bytes == [UInt8](file))
      #expect(try Recipe.read(bytes: entry.bytes).get().name == entry.name)
    }
  }

  @Test("Shipped recipes lint without a word", arguments: ShippedRecipes.all.map(\.name))
  func lintsClean(_ name: String) throws {
    let entry = try #require(ShippedRecipes.named(name))
    let findings = RecipeLinter.lint(bytes: entry.bytes, fileName: name)
    #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
  }

  @Test("A module is looked for, loaded, verified and persisted; below a root, persisted only")
  func plansModuleLoad() throws {
    let recipe = try shipped("module-load")
    let settings = ["module": "vfio-pci"]
    let live = try RecipePlanner.plan(recipe: recipe, settings: settings, facts: hostFacts())
    #expect(live.steps.map(\.id) == ["exists", "load", "verify", "persist", "at-boot"])
    #expect(live.steps.map(\.risk) == [.low, .low, .low, .low, .low])
    #expect(live.steps[1].check?.argv == ["grep", "-q", "^vfio_pci ", "/proc/modules"])
    #expect(live.steps[1].undo?.argv == ["modprobe", "-r", "vfio-pci"])
    #expect(live.modules == ["vfio-pci"])

    let staged = try RecipePlanner.plan(
      recipe: recipe, settings: settings, facts: hostFacts(root: "/srv/stage", rootIdentity: nil))
    #expect(staged.steps.map(\.id) == ["exists", "persist"])
    #expect(
      staged.steps[1].action.editedPaths == ["/srv/stage/etc/modules-load.d/pawl-vfio-pci.conf"])

    var builtIn = hostFacts()
    builtIn.values["module_state"] = "built-in"
    builtIn.values["boot_modules"] = "none"
    builtIn.values["boot_modules_file"] = ""
    let nothing = try RecipePlanner.plan(recipe: recipe, settings: settings, facts: builtIn)
    #expect(nothing.steps.map(\.id) == ["exists"])
    for bad in ["-r", "a b", "a/b", ""] {
      let error = #expect(throws: PawlError.self) {
        try RecipePlanner.plan(recipe: recipe, settings: ["module": bad], facts: hostFacts())
      }
      #expect(error?.code == .usage)
    }
  }

  @Test("A module gets its options before it is loaded, in a file of its own")
  func plansModuleOptions() throws {
    let plan = try RecipePlanner.plan(
      recipe: shipped("module-load"),
      settings: ["module": "vfio-pci", "options": "ids=10de:2204 disable_vga=1"],
      facts: hostFacts())
    #expect(
      plan.steps.map(\.id) == ["exists", "options", "load", "verify", "persist", "at-boot"])
    #expect(
      plan.steps[1].action
        == .writeFile(
          path: "/etc/modprobe.d/pawl-vfio-pci.conf",
          content: "options vfio_pci ids=10de:2204 disable_vga=1\n", mode: 0o644))
    #expect(plan.steps[1].risk == .medium)
    for bad in ["a\ninstall x /bin/sh", "x;y", "`id`", "a#b"] {
      #expect(throws: PawlError.self) {
        try RecipePlanner.plan(
          recipe: shipped("module-load"), settings: ["module": "vfio", "options": bad],
          facts: hostFacts())
      }
    }
  }

  @Test(
    "Where the service at boot reads /etc/modules alone, that gets a line; where nothing is to be read, nothing"
  )
  func plansModuleAtBoot() throws {
    func steps(_ place: String, _ file: String) throws -> [FrozenStep] {
      var facts = hostFacts()
      facts.values["boot_modules"] = place
      facts.values["boot_modules_file"] = file
      return try RecipePlanner.plan(
        recipe: shipped("module-load"), settings: ["module": "vfio-pci"], facts: facts
      ).steps
    }
    let line = try steps("etc-modules", "/etc/modules")
    #expect(line.map(\.id) == ["exists", "load", "verify", "persist-line", "at-boot"])
    #expect(line[3].action == .appendLine(path: "/etc/modules", line: "vfio-pci"))
    #expect(line[4].action == .command(Command(argv: ["grep", "-qx", "vfio-pci", "/etc/modules"])))
    #expect(try steps("none", "").map(\.id) == ["exists", "load", "verify"])
  }

  @Test("A kernel is rebuilt in nine stages; root never runs make, and installs by manifest")
  func plansKernelRebuild() throws {
    let plan = try RecipePlanner.plan(
      recipe: shipped("kernel-rebuild"), settings: ["options": "VFIO_PCI=m"], facts: hostFacts())
    #expect(
      plan.steps.map(\.id.name) == [
        "dependencies", "workspace", "source", "config", "options", "release", "space",
        "prepare", "build", "stage-modules", "stage-kernel", "hold", "pin", "install-modules",
        "depmod", "install-kernel", "hooks", "boot-menu", "restart", "promote", "unhold",
      ])
    #expect(plan.newRelease == "6.1.140-pawl1")
    #expect(plan.options == ["VFIO_PCI"])
    let high = plan.steps.filter { $0.risk == .high }.map(\.id.name)
    #expect(high == ["options", "prepare", "build", "install-modules", "install-kernel"])
    for step in plan.steps {
      guard step.runsAs.isRoot, case .command(let command) = step.action else { continue }
      #expect(command.argv.first != "make")
    }
    let steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id.name, $0) })
    #expect(steps["options"]?.uses == ["source", "config"])
    #expect(steps["stage-modules"]?.uses == ["source", "build"])
    #expect(steps["install-modules"]?.uses == ["stage-kernel"])
    #expect(steps["install-kernel"]?.uses == ["stage-kernel", "install-modules", "depmod"])
    // A stage may hold what depmod made where the kernel was built: it comes with the modules.
    #expect(
      steps["depmod"]?.facts.allSatisfy { $0.expectation == .leftBy("install-modules") } == true)
    guard case .kernelConfig(_, _, let set, _)? = steps["options"]?.action else { return }
    #expect(set["VFIO_PCI"] == "m")
    #expect(set["LOCALVERSION"] == "\"-pawl1\"")
    guard case .restart(_, _, let release, _)? = steps["restart"]?.action else { return }
    #expect(release == "6.1.140-pawl1")
  }

  @Test("Nothing of a new kernel is installed before the running one is pinned and kept")
  func pinsFirst() throws {
    for name in ["kernel-rebuild", "kernel-install"] {
      let settings = name == "kernel-install" ? ["stage": "/srv/kernel"] : [:]
      let plan = try RecipePlanner.plan(
        recipe: shipped(name), settings: settings, facts: hostFacts())
      let pin = try #require(plan.steps.firstIndex { $0.id == "pin" })
      let installing = plan.steps.firstIndex { step in
        if case .copyTree(_, let to) = step.action { return !to.hasPrefix("/home") }
        return false
      }
      #expect(pin < (try #require(installing)))
      #expect(plan.steps.suffix(4).map(\.id.name) == ["boot-menu", "restart", "promote", "unhold"])
      let pinned = plan.steps[pin]
      #expect(pinned.backups == ["/boot/pawl/entries.json"])
      #expect(pinned.generated == ["/etc/grub.d/09_pawl", "/boot/grub/grub.cfg"])
      // A menu that another package makes anew meanwhile costs no approval.
      #expect(!pinned.facts.contains { $0.path == "/boot/grub/grub.cfg" })
    }
  }

  @Test("How a kernel is tried may be set, and is looked at when the plan is made")
  func plansTrials() throws {
    func terms(_ settings: [String: String]) throws -> TrialTerms? {
      let plan = try RecipePlanner.plan(
        recipe: shipped("kernel-rebuild"), settings: settings, facts: hostFacts())
      return plan.steps.first { $0.id == "restart" }?.action.trialTerms
    }
    let standard = try #require(try terms([:]))
    #expect(standard.deadlineSeconds == 600)
    #expect(standard.settleSeconds == 60)
    #expect(standard.modules.isEmpty)
    #expect(!standard.asksPerson)
    let own = try #require(
      try terms(["deadline": "5m", "settle": "20s", "confirm": "yes", "modules": "kvm,vfio_pci"]))
    #expect(own.deadlineSeconds == 300)
    #expect(own.settleSeconds == 20)
    #expect(own.modules == ["kvm", "vfio_pci"])
    #expect(own.asksPerson)
    #expect(throws: PawlError.self) { try terms(["deadline": "10s", "settle": "20s"]) }
  }

  @Test("Where no kernel can be tried the restart is of high risk and says what it lacks")
  func restartsWithoutTrial() throws {
    var facts = hostFacts()
    facts.values["boot_plan"] = "menu"
    let plan = try RecipePlanner.plan(
      recipe: shipped("kernel-rebuild"), settings: [:], facts: facts)
    #expect(plan.steps.suffix(2).map(\.id.name) == ["menu", "restart-without-trial"])
    let restart = try #require(plan.steps.last)
    #expect(restart.risk == .high)
    #expect(restart.action.trialTerms == nil)
  }

  @Test("Modules are staged, stripped of debug symbols, and the step's label says so")
  func stripsModules() throws {
    let plan = try RecipePlanner.plan(
      recipe: shipped("kernel-rebuild"), settings: [:], facts: hostFacts())
    let stage = try #require(plan.steps.first { $0.id == "stage-modules" })
    guard case .command(let command) = stage.action else {
      Issue.record("not a command")
      return
    }
    #expect(
      command.argv.suffix(4) == [
        "INSTALL_MOD_PATH=/home/alice/.cache/pawl/1/stage", "INSTALL_MOD_STRIP=1", "DEPMOD=true",
        "modules_install",
      ])
    #expect(stage.label.hasSuffix("without their debug symbols"))
    #expect(!stage.runsAs.isRoot)
  }

  @Test("Below a root of one's own the kernel is staged without root, and with no restart asked")
  func plansStagedKernel() throws {
    var facts = hostFacts(root: "/srv/stage", rootIdentity: nil)
    facts.values["missing_dependencies"] = ""
    facts.values["boot_plan"] = "none"
    let plan = try RecipePlanner.plan(
      recipe: shipped("kernel-rebuild"), settings: ["restart": "no"], facts: facts)
    #expect(plan.steps.allSatisfy { $0.runsAs == .alice })
    #expect(plan.steps.first?.id == "workspace")
    #expect(plan.steps.last?.id == "hooks")
    let targets = plan.steps.compactMap { step -> String? in
      guard case .copyTree(_, let to) = step.action else { return nil }
      return to
    }
    #expect(targets == ["/srv/stage/usr/lib/modules/6.1.140-pawl1", "/srv/stage/boot"])
  }

  @Test("Without root, missing build dependencies are named with the command to install them")
  func asksForDependencies() throws {
    let recipe = try shipped("kernel-rebuild")
    let error = #expect(throws: PawlError.self) {
      try RecipePlanner.plan(
        recipe: recipe, settings: [:], facts: hostFacts(root: "/srv/stage", rootIdentity: nil))
    }
    #expect(error?.code == .notAllowed)
    #expect(error?.hint?.contains("sudo apt-get install --yes bc flex") == true)
  }

  @Test("A release that is installed already is refused")
  func refusesInstalledRelease() throws {
    let recipe = try shipped("kernel-rebuild")
    for path in ["/boot/vmlinuz-6.1.140-pawl1", "/usr/lib/modules/6.1.140-pawl1"] {
      let error = #expect(throws: PawlError.self) {
        try RecipePlanner.plan(
          recipe: recipe, settings: [:], facts: hostFacts(files: [path: "there"]))
      }
      #expect(error?.code == .refused)
      #expect(error?.message.contains("6.1.140-pawl1") == true)
    }
  }

  @Test(
    "The source is a path, or git with a reference, of a transport that runs nothing",
    arguments: [
      ("/src/linux", true), ("git:/src/linux@v6.1", true), ("git:https://a.b/l.git@v6.1", true),
      ("git:ext::sh@v6.1", false), ("git:/src/linux@--upload-pack=x", false), ("-x", false),
      ("git:/src/linux", false), ("linux", false),
    ])
  func checksSource(_ source: String, _ isGood: Bool) throws {
    let recipe = try shipped("kernel-rebuild")
    let isTaken =
      (try? RecipePlanner.settledParameters(of: recipe, settings: ["source": source])) != nil
    #expect(isTaken == isGood)
  }

  @Test(
    "The same recipe and facts give the same digest, today and after an upgrade",
    arguments: [
      (
        "module-load", ["module": "vfio-pci"], "/",
        "57fb4f24baf3758ce5be58f6b0a583039b43ea3483535ae375e9f01a1cad71c8"
      ),
      (
        "module-load", ["module": "vfio-pci"], "/srv/stage",
        "12e3b25c99893a0fbe574828d86ba15524fcd886feedbac156586b964a942ef0"
      ),
      (
        "kernel-rebuild", ["options": "VFIO_PCI=m"], "/",
        "9d7212000a4097d2c6944f6d01c08197a62bbd398840aef60998f71e107da432"
      ),
      (
        "kernel-rebuild", ["options": "VFIO_PCI=m"], "/srv/stage",
        "0ee31b1e0eb2e8f63091a1ae7fe9b104582ec4a8b6928a573ff4d62adde87241"
      ),
    ])
  func keepsDigests(
    _ name: String, _ settings: [String: String], _ root: String, _ golden: String
  ) throws {
    let facts = hostFacts(root: root)
    let plan = try RecipePlanner.plan(recipe: shipped(name), settings: settings, facts: facts)
    let again = try RecipePlanner.plan(recipe: shipped(name), settings: settings, facts: facts)
    #expect(plan == again)
    let digest = try PlanDigests(plan).plan.hex
    #expect(digest == golden, "\(name) below \(root)")
  }
}

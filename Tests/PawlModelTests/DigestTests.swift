import PawlModel
import Testing

/// The stored properties of a value, by name.
private func fields(of value: some Any) -> Set<String> {
  Set(Mirror(reflecting: value).children.compactMap(\.label))
}

@Suite struct DigestTests {
  @Test("Changing any field of a step gives another digest of the step and of the plan")
  func coversEveryStepField() throws {
    let changes: [(String, (inout FrozenStep) -> Void)] = [
      ("id", { $0.id = "two" }), ("label", { $0.label = "Another" }),
      ("action", { $0.action = .removeFile(path: "/x") }), ("risk", { $0.risk = .high }),
      ("needsRoot", { $0.needsRoot = true }), ("runsAs", { $0.runsAs = .root }),
      ("check", { $0.check = Command(argv: ["test"]) }),
      ("undo", { $0.undo = Command(argv: ["undo"]) }),
      ("timeoutSeconds", { $0.timeoutSeconds = 1 }), ("effects", { $0.effects = .none }),
      ("interrupted", { $0.interrupted = .retry }), ("backups", { $0.backups = ["/x"] }),
      ("generated", { $0.generated = ["/x"] }),
      ("outputs", { $0.outputs = ["/x"] }),
      ("facts", { $0.facts = [Fact(path: "/x", expectation: .absent)] }),
      ("uses", { $0.uses = ["zero"] }),
    ]
    let step = sampleStep()
    #expect(Set(changes.map(\.0)) == fields(of: step))
    let before = try PlanDigests(samplePlan([step]))
    for (name, change) in changes {
      var copy = step
      change(&copy)
      let after = try PlanDigests(samplePlan([copy]))
      #expect(after.steps[copy.id] != before.steps[step.id], "\(name)")
      #expect(after.plan != before.plan, "\(name)")
    }
  }

  @Test("Changing any field of a plan gives another digest of the plan and of every step")
  func coversEveryPlanField() throws {
    let changes: [(String, (inout FrozenPlan) -> Void)] = [
      ("recipe", { $0.recipe = "x" }), ("summary", { $0.summary = "x" }),
      ("rollback", { $0.rollback = "x" }), ("parameters", { $0.parameters = ["a": "b"] }),
      ("hostName", { $0.hostName = "x" }), ("machineID", { $0.machineID = "x" }),
      ("root", { $0.root = "/x" }), ("asker", { $0.asker = .root }),
      ("environment", { $0.environment = ["A": "b"] }),
      ("mounts", { $0.mounts = [MountFact(path: "/", fileSystem: "ext4", source: "x")] }),
      ("runningRelease", { $0.runningRelease = "x" }), ("newRelease", { $0.newRelease = "x" }),
      ("modules", { $0.modules = ["x"] }), ("options", { $0.options = ["x"] }),
      ("steps", { $0.steps[0].label = "x" }),
    ]
    let plan = samplePlan()
    #expect(Set(changes.map(\.0)) == fields(of: plan))
    let before = try PlanDigests(plan)
    for (name, change) in changes {
      var copy = plan
      change(&copy)
      let after = try PlanDigests(copy)
      #expect(after.plan != before.plan, "\(name)")
      #expect(after.steps["one"] != before.steps["one"], "\(name)")
    }
  }

  @Test("Every part of every action counts, and no two of them share a digest")
  func coversActions() throws {
    func command(_ word: String) -> Command { Command(argv: ["make", word]) }
    let actions: [Action] = [
      .command(Command(argv: ["a", "b"])), .command(Command(argv: ["a b"])),
      .command(Command(argv: ["a", "b"], directory: "/d")),
      .command(Command(argv: ["a", "b"], environment: ["A": "b"])),
      .command(Command(argv: ["a", "b"], environment: ["A": "c"])),
      .writeFile(path: "/a", content: "b", mode: 0o644),
      .writeFile(path: "/b", content: "b", mode: 0o644),
      .writeFile(path: "/a", content: "c", mode: 0o644),
      .writeFile(path: "/a", content: "b", mode: 0o600), .appendLine(path: "/a", line: "b"),
      .appendLine(path: "/a", line: "c"), .appendLine(path: "/b", line: "b"),
      .removeFile(path: "/a"), .removeFile(path: "/b"),
      .copyFile(from: "/a", to: "/b", mode: nil), .copyFile(from: "/b", to: "/a", mode: nil),
      .copyFile(from: "/a", to: "/b", mode: 0o644), .copyTree(from: "/a", to: "/b"),
      .copyTree(from: "/b", to: "/a"),
      .kernelConfig(source: "/s", build: "/b", set: ["A": "y"], make: command("x")),
      .kernelConfig(source: "/t", build: "/b", set: ["A": "y"], make: command("x")),
      .kernelConfig(source: "/s", build: "/c", set: ["A": "y"], make: command("x")),
      .kernelConfig(source: "/s", build: "/b", set: ["A": "m"], make: command("x")),
      .kernelConfig(source: "/s", build: "/b", set: ["A": "y"], make: command("y")),
      .build(directory: "/b", command: command("x")),
      .build(directory: "/c", command: command("x")),
      .build(directory: "/b", command: command("y")),
      .restart(kind: .system, message: "m", expectedRelease: nil),
      .restart(kind: .wsl, message: "m", expectedRelease: nil),
      .restart(kind: .system, message: "n", expectedRelease: nil),
      .restart(kind: .system, message: "m", expectedRelease: "6.1"),
    ]
    var digests: Set<Digest> = []
    for action in actions {
      var step = sampleStep()
      step.action = action
      digests.insert(try stepDigest(step))
    }
    #expect(digests.count == actions.count)
  }

  @Test("Every part of an identity and of a fact counts")
  func coversParts() throws {
    let identities: [(String, (inout Identity) -> Void)] = [
      ("uid", { $0.uid = 1 }), ("gid", { $0.gid = 1 }), ("groups", { $0.groups = [27, 1000] }),
      ("name", { $0.name = "x" }), ("home", { $0.home = "/x" }),
    ]
    #expect(Set(identities.map(\.0)) == fields(of: Identity.alice))
    var digests: Set<Digest> = [try stepDigest(sampleStep())]
    for (_, change) in identities {
      var step = sampleStep()
      change(&step.runsAs)
      digests.insert(try stepDigest(step))
    }
    let expectations: [Fact.Expectation] = [
      .absent, .digest(.zero), .digest(SHA256.hash([1])), .leftBy("a"), .leftBy("b"),
    ]
    for path in ["/a", "/b"] {
      for expectation in expectations {
        var step = sampleStep()
        step.facts = [Fact(path: path, expectation: expectation)]
        digests.insert(try stepDigest(step))
      }
    }
    #expect(digests.count == 1 + identities.count + 2 * expectations.count)
  }

  @Test("A step's digest includes those of the steps whose products it uses, and no others")
  func followsUses() throws {
    func plan(_ label: String) -> FrozenPlan {
      var first = sampleStep("first")
      first.label = label
      return samplePlan([
        first, sampleStep("second", uses: ["first"]), sampleStep("third", uses: ["second"]),
        sampleStep("apart"),
      ])
    }
    let before = try PlanDigests(plan("A step"))
    let after = try PlanDigests(plan("Another step"))
    let changed = ["first", "second", "third", "apart"].filter { (id: StepID) in
      before.steps[id] != after.steps[id]
    }
    #expect(changed == ["first", "second", "third"])
  }

  @Test("The order of steps counts for the plan; an encoding survives its way to disk and back")
  func keepsOrderAndMeaning() throws {
    let plan = samplePlan([sampleStep("a"), sampleStep("b")])
    let turned = samplePlan([sampleStep("b"), sampleStep("a")])
    #expect(try PlanDigests(plan).plan != PlanDigests(turned).plan)
    let bytes = try CanonicalJSON.encode(plan)
    let back = try CanonicalJSON.decode(FrozenPlan.self, from: bytes)
    #expect(back == plan)
    #expect(try CanonicalJSON.encode(back) == bytes)
    #expect(try PlanDigests(back) == PlanDigests(plan))
  }
}

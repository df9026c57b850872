import PawlModel
import Testing

@testable import PawlRecipes

private func plan(
  _ yaml: String, _ settings: [String: String] = [:], _ facts: PlanningFacts = hostFacts()
) throws -> FrozenPlan {
  try RecipePlanner.plan(recipe: recipe(yaml), settings: settings, facts: facts)
}

private func command(_ step: FrozenStep?) throws -> Command {
  guard case .command(let command) = try #require(step).action else {
    throw PawlError(.internalFault, "not a command")
  }
  return command
}

@Suite struct PlannerTests {
  @Test("Names are put in place inside arguments and as whole ones; lists are spliced")
  func substitutes() throws {
    let yaml = withSteps(
      "  - label: Do {{m}}\n    risk: low\n    directory: \"{{work}}\"\n    environment: {A: \"{{jobs}}\"}\n"
        + "    command: [tool, \"--m={{m}}\", \"{{m_underscored}}\", \"{{dependency_check}}\", \"{{ root }}\"]\n",
      parameters: "{m: {default: a-b}}")
    let step = try plan(yaml, ["m": "c-d e"]).steps.first
    let found = try command(step)
    #expect(found.argv == ["tool", "--m=c-d e", "c_d e", "dpkg", "-s", "bc", "flex", "/"])
    #expect(found.directory == "/home/alice/.cache/pawl/1")
    #expect(found.environment == ["A": "2"])
    #expect(step?.label == "Do c-d e")
  }

  @Test("A setting that the recipe does not know, lacks or forbids is refused with exit 64")
  func checksSettings() throws {
    let one = "  - {label: x, risk: low, command: [\"{{m}}\"]}\n"
    let free = withSteps(one, parameters: "{m: {default: a, pattern: \"[a-z]+\"}}")
    let needed = withSteps(one, parameters: "{m: {required: true, description: The thing}}")
    let cases: [(String, [String: String], String)] = [
      (free, ["module": "x"], "no parameter module"), (free, ["m": "A"], "cannot be the m"),
      (free, ["m": "a\nb"], "control characters"), (needed, [:], "needs a value for m (The thing)"),
      (needed, ["m": "{{root}}"], "left over"), (needed, ["m": "x{{"], "left over"),
    ]
    for (yaml, settings, fragment) in cases {
      let error = try refusal(yaml, settings)
      #expect(error.code == .usage)
      #expect(error.message.contains(fragment), "\(error.message)")
      #expect(error.hint != nil)
    }
  }

  @Test("A fact that this host does not have ends the plan in words")
  func namesMissingFact() throws {
    var facts = hostFacts()
    facts.values["work"] = nil
    let error = try refusal(
      withSteps("  - {label: x, risk: low, command: [ls, \"{{work}}\"]}\n"), [:], facts)
    #expect(error.code == .refused)
    #expect(error.message.contains("{{work}}"))
  }

  @Test("Below a root, file actions and backups act there, and commands get it as an argument")
  func appliesRoot() throws {
    let yaml = withSteps(
      "  - {label: w, risk: low, needs_sudo: true, write_file: {path: /etc/x, content: a}}\n"
        + "  - {label: c, risk: low, needs_sudo: true, command: [tool, \"{{root}}\"], backup: [/etc/y]}\n"
        + "  - {label: h, risk: low, append_line: {path: \"{{work}}/z\", line: a}}\n")
    let live = try plan(yaml)
    let staged = try plan(yaml, [:], hostFacts(root: "/srv/stage"))
    #expect(
      live.steps.map(\.pathsToBackUp) == [["/etc/x"], ["/etc/y"], ["/home/alice/.cache/pawl/1/z"]])
    #expect(
      staged.steps.map(\.pathsToBackUp) == [
        ["/srv/stage/etc/x"], ["/srv/stage/etc/y"], ["/home/alice/.cache/pawl/1/z"],
      ])
    #expect(try command(live.steps[1]).argv == ["tool", "/"])
    #expect(try command(staged.steps[1]).argv == ["tool", "/srv/stage"])
    #expect(staged.root == "/srv/stage")
  }

  @Test("A step that needs root and would act outside the root is refused")
  func staysBelowRoot() throws {
    let yaml = withSteps(
      "  - {label: w, risk: low, needs_sudo: true, write_file: {path: \"{{p}}\", content: a}}\n",
      parameters: "{p: {default: /etc/x}}")
    let error = try refusal(yaml, [:], hostFacts(root: "/srv/stage"))
    #expect(error.code == .refused)
    #expect(error.message.contains("/etc/x"))
    #expect(try plan(yaml).steps.count == 1)
    for path in ["etc/x", "/etc/../x", "/srv/./x", ""] {
      #expect(try refusal(yaml, ["p": path]).code == .usage)
    }
  }

  @Test("Who is not root plans no step that needs it, save below a root of his own")
  func knowsWhoNeedsRoot() throws {
    let file =
      "  - {label: w, risk: low, needs_sudo: true, write_file: {path: /etc/x, content: a}}\n"
    let given = "  - {label: c, risk: low, needs_sudo: true, command: [tool, \"{{root}}/x\"]}\n"
    let host = "  - {label: c, risk: low, needs_sudo: true, command: [apt-get, install, bc]}\n"
    for steps in [file, given, host] {
      #expect(try refusal(withSteps(steps), [:], hostFacts(rootIdentity: nil)).code == .notAllowed)
      let asRoot = try plan(withSteps(steps)).steps.first
      #expect(asRoot?.runsAs == .root)
      #expect(asRoot?.needsRoot == true)
    }
    var staged = hostFacts(root: "/srv/stage", rootIdentity: nil)
    for steps in [file, given] {
      #expect(try plan(withSteps(steps), [:], staged).steps.first?.runsAs == .alice)
    }
    let error = try refusal(withSteps(host), [:], staged)
    #expect(error.code == .notAllowed)
    #expect(error.hint?.contains("sudo apt-get install bc") == true)
    staged.rootIsWritable = false
    #expect(try refusal(withSteps(file), [:], staged).code == .notAllowed)
  }

  @Test("A step that needs no root does not get it: it runs as the asker, or as the build user")
  func dropsRoot() throws {
    let build = withSteps(
      "  - {label: b, risk: high, build: {directory: \"{{work}}/b\", argv: [make]}}\n")
    #expect(try plan(build).steps.first?.runsAs == .alice)
    var facts = hostFacts(asker: .root)
    #expect(try refusal(build, [:], facts).code == .refused)
    facts.buildIdentity = .alice
    #expect(try plan(build, [:], facts).steps.first?.runsAs == .alice)
  }

  @Test("Policies and timeouts that a step does not name follow from what it does")
  func fillsDefaults() throws {
    let steps = try plan(
      withSteps(
        "  - {label: a, risk: low, command: [true]}\n"
          + "  - {label: b, risk: low, command: [true], check: [true]}\n"
          + "  - {label: c, risk: low, append_line: {path: \"{{work}}/z\", line: a}}\n"
          + "  - {label: d, risk: high, build: {directory: \"{{work}}/b\", argv: [make], targets: [all]}}\n"
          + "  - {label: e, risk: low, command: [true], check: [true], interrupted: ask, timeout: 5m}\n"
      )
    ).steps
    #expect(steps.map(\.interrupted) == [.ask, .check, .retry, .retry, .ask])
    #expect(steps.map(\.timeoutSeconds) == [3600, 3600, 3600, 86400, 300])
    #expect(steps.allSatisfy { $0.effects == .durable })
    guard case .build(let directory, let make) = steps[3].action else { return }
    #expect(make == Command(argv: ["make", "all"], directory: directory))
  }

  @Test("A file is frozen as it is, as absent, or as an earlier step leaves it")
  func freezesFacts() throws {
    let yaml = withSteps(
      "  - {id: a, label: a, risk: low, append_line: {path: /w/x, line: a}}\n"
        + "  - {id: b, label: b, risk: low, append_line: {path: /w/x, line: b}}\n"
        + "  - {id: c, label: c, risk: low, copy_file: {from: /w/x, to: /w/y}}\n"
        + "  - {id: d, label: d, risk: low, append_line: {path: /w/old, line: b}}\n")
    let steps = try plan(yaml, [:], hostFacts(files: ["/w/old": "was here"])).steps
    #expect(steps[0].facts == [Fact(path: "/w/x", expectation: .absent)])
    #expect(steps[1].facts == [Fact(path: "/w/x", expectation: .leftBy("a"))])
    #expect(
      steps[2].facts == [
        Fact(path: "/w/y", expectation: .absent), Fact(path: "/w/x", expectation: .leftBy("b")),
      ])
    let digest = SHA256.hash("was here".utf8)
    #expect(steps[3].facts == [Fact(path: "/w/old", expectation: .digest(digest))])
    #expect(steps.map(\.uses) == [[], ["a"], ["b"], []])
  }

  @Test("A file to copy that is not there, and a folder to replace, are refused")
  func refusesWrongFiles() throws {
    let copy = withSteps("  - {label: c, risk: low, copy_file: {from: /w/none, to: /w/y}}\n")
    #expect(try refusal(copy).code == .noInput)
    let facts = hostFacts(folders: ["/w/none", "/w/y"])
    #expect(try refusal(copy, [:], facts).code == .refused)
    let reads = withSteps("  - {label: c, risk: low, command: [x], reads: [/w/none]}\n")
    #expect(try refusal(reads).code == .noInput)
    #expect(try plan(reads, [:], facts).steps.first?.facts.isEmpty == true)
  }

  @Test("A step is bound to the steps whose products it names, reads or lies in")
  func bindsProducts() throws {
    let yaml = withSteps(
      "  - {id: make, label: m, risk: low, command: [m], outputs: [/w/out/image, /w/tree]}\n"
        + "  - {id: other, label: o, risk: low, command: [o]}\n"
        + "  - {id: eq, label: e, risk: low, command: [e, \"O=/w/out\"]}\n"
        + "  - {id: below, label: b, risk: low, command: [b, /w/tree/a/b]}\n"
        + "  - {id: tree, label: t, risk: low, copy_tree: {from: /w/tree, to: /w/to}}\n"
        + "  - {id: all, label: a, risk: low, command: [a, /]}\n"
        + "  - {id: near, label: n, risk: low, command: [n, /w/treetop]}\n"
        + "  - {id: named, label: n, risk: low, command: [n], uses: [other, make]}\n")
    let steps = try plan(yaml).steps
    #expect(
      steps.map(\.uses) == [[], [], ["make"], ["make"], ["make"], [], [], ["make", "other"]])
    let changed = yaml.replacing("command: [m]", with: "command: [m, again]")
    let digests = try (PlanDigests(plan(yaml)), PlanDigests(plan(changed)))
    let moved = steps.map(\.id).filter { digests.0.steps[$0] != digests.1.steps[$0] }
    #expect(moved == ["make", "eq", "below", "tree", "named"])
  }

  @Test("Conditions are decided when the plan is made; a plan without steps is refused")
  func decidesConditions() throws {
    let yaml = withSteps(
      "  - {id: a, label: a, risk: low, command: [a], when: {fact: live, is: \"yes\"}}\n"
        + "  - {id: b, label: b, risk: low, command: [b], unless: {fact: live, is: \"yes\"}}\n"
        + "  - {id: c, label: c, risk: low, command: [c], when: {fact: m, is: x}, uses: [a]}\n",
      parameters: "{m: {default: y}}")
    #expect(try plan(yaml).steps.map(\.id) == ["a"])
    #expect(try plan(yaml, ["m": "x"]).steps.map(\.uses) == [[], ["a"]])
    let staged = try plan(yaml, ["m": "x"], hostFacts(root: "/srv/stage"))
    #expect(staged.steps.map(\.id) == ["b", "c"])
    #expect(staged.steps.last?.uses == [])
    let none = withSteps(
      "  - {label: a, risk: low, command: [a], when: {fact: live, is: \"no\"}}\n")
    #expect(try refusal(none).code == .refused)
  }

  @Test("What a parameter hides from the linter is caught when the plan is made")
  func catchesHiddenChanges() throws {
    let parameters = "{p: {default: cp}, t: {default: /etc/x}, o: {default: -c}}"
    for command in [
      "[\"{{p}}\", a, \"{{t}}\"]", "[sh, \"{{o}}\", ls]", "[tee, \"/{{p}}\", \"{{t}}\"]",
    ] {
      let yaml = withSteps(
        "  - {label: x, risk: low, command: \(command)}\n", parameters: parameters)
      #expect(try refusal(yaml).code == .refused)
    }
  }

  @Test("Options come as a mapping, as text, or both, each symbol once")
  func mergesOptions() throws {
    let yaml = withSteps(
      "  - label: x\n    risk: high\n    kernel_config:\n      tree: \"{{work}}/s\"\n"
        + "      set: [\"{{o}}\", {CONFIG_LOCALVERSION: '\"-x\"', B: n}]\n",
      parameters: "{o: {default: \"A=y, CMDLINE=\\\"a,b=c\\\"\"}}")
    guard
      case .kernelConfig(let source, let build, let set, let make) = try plan(yaml).steps[0].action
    else { return }
    #expect(source == "/home/alice/.cache/pawl/1/s")
    #expect(build == "/home/alice/.cache/pawl/1/build")
    #expect(set == ["A": "y", "CMDLINE": "\"a,b=c\"", "LOCALVERSION": "\"-x\"", "B": "n"])
    #expect(make.argv == ["make", "-C", source, "O=\(build)", "olddefconfig"])
    #expect(try refusal(yaml, ["o": "B=y"]).message.contains("set twice"))
    #expect(try refusal(yaml, ["o": "B"]).code == .usage)
  }

  @Test("A plan beyond its bounds is refused before anybody is asked")
  func boundsPlans() throws {
    let yaml = withSteps(
      (0..<100).map {
        "  - {label: s\($0), risk: low, command: [\(Array(repeating: "\"{{p}}\"", count: 30).joined(separator: ","))]}\n"
      }.joined(), parameters: "{p: {default: a}}")
    #expect(try plan(yaml).steps.count == 100)
    #expect(try refusal(yaml, ["p": String(repeating: "a", count: 4000)]).code == .refused)
  }
}

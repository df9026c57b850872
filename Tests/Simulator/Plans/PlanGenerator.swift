import PawlModel

/// Makes plans by chance: every kind of action, every policy, programs that fail, hang, print too
/// much or cannot be started, several steps on one file.
struct PlanGenerator {
  private var dice: Dice
  /// Of their own, so that the other plans of a seed stay what they were.
  private var trialDice: Dice
  private var builder = PlanBuilder()
  private var flagsAtBoot: [String: Int] = [:]

  static func scenario(seed: UInt64) -> Scenario {
    var generator = PlanGenerator(
      dice: Dice(seed: seed ^ 0x5eed_0f91_a5), trialDice: Dice(seed: seed ^ 0x7219_a1))
    return generator.make(seed)
  }

  private init(dice: Dice, trialDice: Dice) {
    self.dice = dice
    self.trialDice = trialDice
  }

  private mutating func make(_ seed: UInt64) -> Scenario {
    for index in 0..<4 {
      if dice.chance(70) {
        builder.addFile(path(index), "old \(index)\nkeep\n", mode: dice.pick(0o644, 0o600))
      }
    }
    let count = dice.within(5...11)
    let kernelAt = dice.chance(40) ? dice.below(count) : -1
    while builder.steps.count < count {
      if builder.steps.count == kernelAt { addKernel() } else { addOne() }
    }
    var temper = Temper()
    temper.approvesAllAtOnce = dice.pick(100, 80, 0)
    var scenario = builder.scenario("seed-\(seed)", person: temper)
    scenario.flagsAtBoot = flagsAtBoot
    let fates = TrialKernel.allCases
    scenario.trialKernel = trialDice.chance(40) ? .works : fates[trialDice.below(fates.count)]
    return scenario
  }

  private func path(_ index: Int) -> String { "\(index % 2 == 0 ? "/etc" : "/boot")/file\(index)" }

  private mutating func somePath() -> String { path(dice.below(5)) }

  private mutating func addOne() {
    switch dice.below(100) {
    case 0..<20: addDurableCommand()
    case 20..<36: addVolatileCommand()
    case 36..<44: addEffectlessCommand()
    case 44..<60: addWriteFile()
    case 60..<72: addAppendLine()
    case 72..<80: addRemoveFile()
    case 80..<92: addCopyFile()
    default: addRestart()
    }
  }

  // MARK: - File actions

  private mutating func filePolicy() -> InterruptedPolicy {
    dice.chance(80) ? .retry : dice.pick(.ask, .retry)
  }

  private mutating func fileStep(_ action: Action) -> FrozenStep {
    FrozenStep(
      id: builder.nextID, label: "A file", action: action,
      risk: dice.pick(.low, .medium), needsRoot: true, runsAs: .root, interrupted: filePolicy())
  }

  private mutating func addWriteFile() {
    let path = somePath()
    // Now and then the bytes are there already and only the mode is new.
    let content =
      dice.chance(15)
      ? builder.files[path].map { String(decoding: $0.bytes, as: UTF8.self) }
        ?? "written by \(builder.nextID)\n"
      : "written by \(builder.nextID)\n"
    builder.add(
      fileStep(
        .writeFile(path: path, content: content, mode: dice.pick(0o644, 0o600))))
  }

  private mutating func addAppendLine() {
    let line = dice.chance(15) ? "keep" : "line of \(builder.nextID)"
    builder.add(fileStep(.appendLine(path: somePath(), line: line)))
  }

  private mutating func addRemoveFile() { builder.add(fileStep(.removeFile(path: somePath()))) }

  private mutating func addCopyFile() {
    let from = "/etc/source\(dice.below(2))"
    builder.addFile(from, "bytes of \(from)\n", mode: 0o640)
    let step = fileStep(.copyFile(from: from, to: somePath(), mode: dice.pick(nil, 0o755)))
    builder.add(step, factsFor: dice.chance(70) ? [from] : [])
  }

  private mutating func addRestart() {
    builder.add(
      FrozenStep(
        id: builder.nextID, label: "Restart",
        action: .restart(
          kind: .system, message: "Restart now.",
          expectedRelease: dice.pick(Scenario.newRelease, nil)),
        risk: .medium, runsAs: .root, effects: .durable, interrupted: .ask))
  }

  // MARK: - Commands

  private mutating func addDurableCommand() {
    let id = builder.nextID
    var deeds: [ProgramModel.Deed] = []
    var backups: [String] = []
    for _ in 0..<dice.within(1...2) {
      let path = somePath()
      guard !backups.contains(path) else { continue }
      backups.append(path)
      deeds.append(
        dice.chance(85)
          ? .write(path: path, bytes: Array("made by \(id)\n".utf8), mode: dice.pick(0o644, 0o755))
          : .remove(path: path))
    }
    let stray = "/boot/stray-\(id)"
    let hasUndo = dice.chance(50)
    if hasUndo { deeds.append(.write(path: stray, bytes: [1, 2, 3], mode: 0o644)) }
    var undo: [ProgramModel.Deed]? = hasUndo ? [.remove(path: stray)] : nil
    let made = hasUndo && trialDice.chance(40) ? addGenerated(of: backups[0]) : nil
    if let made {
      deeds.append(made.deed)
      undo?.append(made.deed)
    }
    addCommand(
      id, deeds: deeds, undo: undo, effects: .durable, backups: backups, generated: made?.path)
  }

  /// A file that the step and others make from one that the step changes.
  private mutating func addGenerated(
    of source: String
  ) -> (path: String, deed: ProgramModel.Deed) {
    let path = "\(source)-list"
    builder.addGenerated(path, by: .list(of: source))
    if trialDice.chance(80), builder.files[path] == nil {
      let text = builder.files[source].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
      builder.addFile(path, "made of:\n\(text)")
    }
    return (path, .make(path: path, by: .list(of: source), carefully: trialDice.chance(30)))
  }

  private mutating func addVolatileCommand() {
    let id = builder.nextID
    let hasUndo = dice.chance(70)
    if dice.chance(30) { flagsAtBoot["\(id)"] = dice.within(1...3) }
    addCommand(
      id, deeds: [.setFlag("\(id)")], undo: hasUndo ? [.clearFlag("\(id)")] : nil,
      effects: .volatile, backups: [])
  }

  private mutating func addEffectlessCommand() {
    addCommand(builder.nextID, deeds: [], undo: nil, effects: .none, backups: [])
  }

  private mutating func addCommand(
    _ id: StepID, deeds: [ProgramModel.Deed], undo: [ProgramModel.Deed]?, effects: Effects,
    backups: [String], generated: String? = nil
  ) {
    let prints: ProgramModel.Deed = .print(dice.chance(20) ? dice.below(12_000) : dice.below(40))
    builder.addProgram(["act", "\(id)"], misbehaving(ProgramModel(deeds: deeds + [prints])))
    if let undo {
      var model = ProgramModel(deeds: undo)
      if dice.chance(10) { model.failsFirst = dice.within(1...2) }
      builder.addProgram(["undo", "\(id)"], model)
    }
    let check = !deeds.isEmpty && dice.chance(55)
    let policy: InterruptedPolicy =
      check ? dice.pick(.check, .check, .retry, .ask) : dice.pick(.retry, .ask)
    var step = FrozenStep(
      id: id, label: "A command",
      action: .command(
        Command(argv: ["act", "\(id)"], environment: dice.chance(30) ? ["LEVEL": "2"] : [:])),
      risk: dice.pick(.low, .medium, .high), needsRoot: true, runsAs: .root,
      check: check ? Command(argv: ["check", "\(id)"]) : nil,
      undo: undo.map { _ in Command(argv: ["undo", "\(id)"]) },
      timeoutSeconds: 600, effects: effects, interrupted: policy, backups: backups)
    if let generated { step.generated = [generated] }
    builder.add(step, freezes: dice.chance(60))
  }

  private mutating func misbehaving(_ model: ProgramModel) -> ProgramModel {
    var model = model
    if dice.chance(18) {
      model.failsFirst = dice.chance(15) ? 1000 : dice.within(1...2)
      model.badEnding = dice.pick(.exits(1), .exits(100), .signalled(11), .hangs, .notStarted)
    }
    if dice.chance(25) { model.processName = "dpkg" }
    return model
  }

  // MARK: - A kernel

  private mutating func addKernel() {
    var steps = KernelSteps(
      dropsOption: dice.chance(15), restarts: dice.chance(70), objects: dice.within(2...5))
    if trialDice.chance(60) {
      steps.trial = TrialTerms(
        token: "t\(trialDice.below(1000))", deadlineSeconds: 300, settleSeconds: 30,
        asksPerson: trialDice.chance(30))
    }
    steps.add(to: &builder)
  }
}

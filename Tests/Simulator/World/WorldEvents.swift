import PawlModel

/// What comes over the world from outside, at numbered instants.
extension World {
  /// Counts an instant of a runner's life and lets happen what was scheduled for it. Throws where
  /// the runner does not survive it, or is dead already.
  func reach(_ place: Place, life handle: Int?) throws {
    guard let handle else { return }
    guard handle == life else { throw SimulatedCrash() }
    points += 1
    pointsOfThisLife += 1
    trace.mix(place.rawValue)
    guard pointsOfThisLife < 4000 else {
      violate(7, "The runner came to \(pointsOfThisLife) effects without an end.")
      throw RanTooLong()
    }
    if editsNextPublish, place == .publishBefore { editWhatIsPublished() }
    guard let happenings = schedule.happenings[points] else { return }
    for happening in happenings { try happen(happening, at: place) }
  }

  private func happen(_ happening: Happening, at place: Place) throws {
    trace.add("  ! \(happening) at point \(points), \(place.rawValue)")
    switch happening {
    case .crash(let kind):
      crash(kind)
      throw SimulatedCrash()
    case .foreignEdit: editAsSomebodyElse(oneOf: scenario.editablePaths)
    case .editBeforePublish: editsNextPublish = true
    case .madeAnew: makeAnew()
    case .control(let request): askWhileRunning(request)
    case .diskFills:
      isFull = true
      filledAt = points
    case .journalFails(let times): journalFailures = times
    case .clockJumps: wallMillis = Int64(dice.below(2_000_000_000)) * 1000
    }
  }

  // MARK: - Crashes

  func crash(_ kind: CrashKind) {
    life += 1
    crashes += 1
    trace.mix("crash")
    switch kind {
    case .kill(let fate): killRunner(children: fate)
    case .cut(let loss): cutPower(loss)
    }
    watchers.forEach { $0.survived(kind, in: self) }
  }

  private func killRunner(children fate: CrashKind.ChildFate) {
    for process in processes {
      switch fate {
      case .finishes: finish(process)
      case .goesOn: break
      case .hangs: process.hangs = true
      }
    }
  }

  private func cutPower(_ loss: SimulatedDisk.Loss) {
    cuts += 1
    disk.losePower(loss, dice: &dice)
    boot(byHand: scenario.hasMenu || dice.chance(80) ? nil : scenario.plan.runningRelease)
    spools = [:]
  }

  /// A restart in good order: everything is synced first. `byHand`: chosen in the menu.
  func restart(byHand choice: String? = nil) {
    life += 1
    disk.sync()
    boot(byHand: choice)
    trace.add("  restarted into \(release), \(bootID)")
  }

  private func boot(byHand choice: String?) {
    boots += 1
    bootMillis = 3_000
    (release, commandLine) = loaderStarts(byHand: choice)
    isRestartAsked = false
    flags = Set(scenario.flagsAtBoot.filter { $0.value <= boots }.keys)
    processes = []
  }

  // MARK: - Other people

  /// Just before a file action replaces its file.
  func editWhatIsPublished() {
    editsNextPublish = false
    editAsSomebodyElse(oneOf: stepsAtWork.flatMap(\.frozen.action.editedPaths))
  }

  private func editAsSomebodyElse(oneOf paths: [String]) {
    guard processes.isEmpty, !isProgramStepAtWork else { return }
    guard let path = dice.pick(from: paths) else { return }
    guard !disk.isFolder(path) else { return }
    let removes = disk[path] != nil && dice.chance(15)
    let bytes = Array("foreign \(foreignEdits.count + 1)\n".utf8)
    let metadata = disk[path]?.metadata ?? .plain(at: wallMillis)
    let node = removes ? nil : SimulatedDisk.Node(bytes: bytes, metadata: metadata)
    change(path, to: node, by: .somebodyElse, durably: true)
    foreignEdits.append(ForeignEdit(path: path, digest: node?.digest, point: points))
    trace.add("  somebody else \(removes ? "removed" : "edited") \(path)")
  }

  /// Nobody who makes a boot menu anew asks whether somebody else is at it.
  private func makeAnew() {
    for (path, generator) in scenario.generators.sorted(by: { $0.key < $1.key }) {
      guard case .bytes(let bytes) = generator.product(in: self) else { continue }
      madeAnew += 1
      let remark = Array("# made anew, \(madeAnew)\n".utf8)
      let metadata = disk[path]?.metadata ?? .plain(at: wallMillis)
      let node = SimulatedDisk.Node(bytes: remark + bytes, metadata: metadata)
      change(path, to: node, by: .somebodyElse, durably: true)
      trace.add("  somebody else made \(path) anew")
    }
  }

  /// A step whose programs write where nobody can hold them back.
  private var isProgramStepAtWork: Bool {
    stepsAtWork.contains { step in
      switch step.frozen.action {
      case .command, .kernelConfig, .build, .copyTree: true
      case .writeFile, .appendLine, .removeFile, .copyFile, .restart: false
      }
    }
  }

  private func askWhileRunning(_ request: ControlRequest) {
    let journal = SimulatedJournal(world: self, life: nil)
    do {
      try journal.append(
        [Entry(plan: World.planID, .control(request))], by: .person, at: stamp)
    } catch {
      trace.add("  the request \(request) was refused: \(error)")
    }
  }

  // MARK: - Changing files

  /// The steps that the journal says are being performed or undone.
  var stepsAtWork: [StepRecord] {
    (record?.steps ?? []).filter { $0.state == .started || $0.state == .undoing }
  }

  /// Every change of a file, whoever makes it, passes here.
  func change(_ path: String, to node: SimulatedDisk.Node?, by author: Author, durably: Bool) {
    let deed = FileDeed(path: path, before: disk[path], after: node, author: author)
    watchers.forEach { $0.fileWillChange(deed, in: self) }
    if durably { disk.writeDurably(node, at: path) } else { disk.write(node, at: path) }
    authors[path] = author
    trace.mix(path)
  }
}

extension FileMetadata {
  static func plain(mode: UInt32 = 0o644, uid: UInt32 = 0, at wallMillis: Int64) -> FileMetadata {
    FileMetadata(mode: mode, uid: uid, gid: uid, modifiedNanos: wallMillis * 1_000_000)
  }
}

extension Actor {
  static let person = Actor(uid: 1000, loginUID: 1000, tty: "pts/0", how: "terminal")
  static let runner = Actor(uid: 0, loginUID: 1000, how: "runner")
}

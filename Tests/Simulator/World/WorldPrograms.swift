import PawlHost
import PawlModel

/// Programs at work: they belong to the world, not to the runner that started them.
extension World {
  /// nil where there is no such program or it refuses to start.
  func launch(_ request: ProcessRequest) -> RunningProcess? {
    guard let (step, purpose) = owner(of: request) else { return nil }
    guard let model = scenario.model(of: request.argv) else { return nil }
    let runsBefore = ledger.filter {
      $0.step == step && $0.purpose == purpose && $0.kind == .start
    }.count
    let failing = runsBefore < model.failsFirst
    if failing, model.badEnding == .notStarted {
      mark(.start, step, purpose, request.token)
      return nil
    }
    let process = RunningProcess(
      pid: newPID(), token: request.token, step: step, purpose: purpose, spool: request.spool,
      model: model, failing: failing)
    processes.append(process)
    spools[request.spool] = []
    mark(.start, step, purpose, request.token)
    return process
  }

  /// Which step of the scenario a program belongs to: told by its arguments, not by its token.
  func owner(of request: ProcessRequest) -> (StepID, Purpose)? {
    let fromToken = request.token.split(separator: "/").dropLast().last.map { StepID(String($0)) }
    let steps = scenario.plan.steps
    let likely = steps.filter { $0.id == fromToken } + steps.filter { $0.id != fromToken }
    for step in likely {
      if step.check?.argv == request.argv { return (step.id, .check) }
      if step.undo?.argv == request.argv { return (step.id, .undo) }
      if step.action.program?.argv == request.argv { return (step.id, .act) }
    }
    return nil
  }

  private func mark(_ kind: Mark.Kind, _ step: StepID, _ purpose: Purpose, _ token: String) {
    ledger.append(
      Mark(
        kind: kind, purpose: purpose, step: step, token: token, bootID: bootID,
        sequence: log.newest))
    trace.mix(token)
    trace.add("  \(purpose.rawValue) of \(step): \(kind) (\(token))")
  }

  /// Does one deed and returns what it printed. False as the second where the deed failed.
  func work(_ process: RunningProcess) -> (output: [UInt8], good: Bool) {
    guard let deed = process.nextDeed else { return ([], true) }
    process.done += 1
    pass(millis: Int64(dice.within(20...400)))
    let (output, good) = perform(deed, by: .program(process.step, process.purpose))
    spools[process.spool, default: []] += output
    return (output, good)
  }

  private func perform(_ deed: ProgramModel.Deed, by author: Author) -> ([UInt8], Bool) {
    switch deed {
    case .print(let count): return ([UInt8](repeating: UInt8(ascii: "x"), count: count), true)
    case .setFlag(let name): flags.insert(name)
    case .clearFlag(let name): flags.remove(name)
    case .remove(let path):
      if disk[path] != nil { change(path, to: nil, by: author, durably: false) }
    case .write(let path, let bytes, let mode):
      guard !isFull else { return (Array("no space left\n".utf8), false) }
      write(bytes, mode: mode, to: path, by: author)
    case .object(let path, let bytes):
      pass(millis: 3_000)
      // As make does: what is there is taken for whole.
      guard disk[path] == nil else { return ([], true) }
      guard !isFull else { return (Array("no space left\n".utf8), false) }
      write(bytes, mode: 0o644, to: path, by: author)
      return (Array("  CC      \(path)\n".utf8), true)
    case .completeConfig(let path, let dropped):
      completeConfig(path, dropping: dropped, by: author)
    case .make(let path, let generator, let carefully):
      return make(path, generator, carefully: carefully && !writesCarelessly, by: author)
    case .copy(let from, let to):
      guard let node = disk[from], !isFull else { return ([], false) }
      if disk[to]?.bytes != node.bytes { change(to, to: node, by: author, durably: true) }
    case .removeCopies(let evenIfNone): removeCopies(evenIfNone, by: author)
    case .clearOneShot: clearOneShot()
    }
    return ([], true)
  }

  private func make(
    _ path: String, _ generator: Generator, carefully: Bool, by author: Author
  ) -> ([UInt8], Bool) {
    let present = disk[path]
    if leavesMenu, generator == .menuInPlace, isUndoing { return ([], true) }
    switch generator.product(in: self) {
    case .refused: return (Array("refused\n".utf8), false)
    case .nothing:
      if present != nil { change(path, to: nil, by: author, durably: carefully) }
    case .bytes(let bytes):
      guard !isFull else { return (Array("no space left\n".utf8), false) }
      if carefully, present?.bytes == bytes { return ([], true) }
      let metadata = present?.metadata ?? .plain(at: wallMillis)
      change(
        path, to: SimulatedDisk.Node(bytes: bytes, metadata: metadata), by: author,
        durably: carefully)
    }
    return ([], true)
  }

  private var isUndoing: Bool { stepsAtWork.contains { $0.state == .undoing } }

  private func removeCopies(_ evenIfNoneIsWanted: Bool, by author: Author) {
    guard !leavesCopies, let wanted = wantedEntries, evenIfNoneIsWanted || wanted != nil else {
      return
    }
    for path in disk.paths(below: "/boot/pawl")
    where path.contains("/fallback-") && path != wanted?.fallback {
      change(path, to: nil, by: author, durably: true)
    }
  }

  func clearOneShot() {
    if !keepsOneShot { oneShot = nil }
  }

  private func write(_ bytes: [UInt8], mode: UInt32, to path: String, by author: Author) {
    let metadata = FileMetadata.plain(mode: mode, at: wallMillis)
    change(
      path, to: SimulatedDisk.Node(bytes: bytes, metadata: metadata), by: author, durably: false)
  }

  private func completeConfig(_ path: String, dropping dropped: [String], by author: Author) {
    let lines = String(decoding: disk[path]?.bytes ?? [], as: UTF8.self).split(separator: "\n")
    let kept = lines.filter { line in
      !dropped.contains { line.contains("CONFIG_\($0)=") }
    }
    let text = kept.sorted().joined(separator: "\n") + "\n"
    write(Array(text.utf8), mode: 0o644, to: path, by: author)
  }

  /// The end of a process, by itself.
  @discardableResult
  func end(_ process: RunningProcess, good: Bool = true) -> ExitReport.Ending {
    processes.removeAll { $0.pid == process.pid }
    let ending = ending(of: process, good: good)
    mark(.end(good: ending == .exited(0)), process.step, process.purpose, process.token)
    return ending
  }

  private func ending(of process: RunningProcess, good: Bool) -> ExitReport.Ending {
    if process.purpose == .check {
      return .exited(effectHolds(of: process.step) ? 0 : 1)
    }
    if !good { return .exited(28) }
    switch process.badEnding {
    case nil: return .exited(0)
    case .exits(let status): return .exited(status)
    case .signalled(let number): return .signalled(number)
    case .hangs, .notStarted: return .timedOut
    }
  }

  /// Without a runner, a child goes on to its end all the same.
  func finish(_ process: RunningProcess) {
    var good = true
    while good, process.nextDeed != nil { good = work(process).good }
    end(process, good: good)
  }

  func kill(_ process: RunningProcess) {
    processes.removeAll { $0.pid == process.pid }
    trace.add("  killed \(process.purpose.rawValue) of \(process.step)")
  }

  // MARK: - The truth

  /// Whether what the step's program is for is really there, in this boot.
  func effectHolds(of id: StepID) -> Bool {
    guard let step = scenario.plan.steps.first(where: { $0.id == id }),
      let argv = step.action.program?.argv, let model = scenario.model(of: argv)
    else { return false }
    let effect = model.effect
    return effect.files.allSatisfy { disk[$0.key]?.bytes == $0.value }
      && effect.flags.allSatisfy { flags.contains($0.key) == $0.value }
      && effect.made.allSatisfy { isMade($0.key, by: $0.value) }
  }

  private func isMade(_ path: String, by generator: Generator) -> Bool {
    switch generator {
    case .entries(let change): holds(change)
    // What the entries have of it is looked at with them.
    case .fragment, .keptFragment, .menu, .menuInPlace: true
    case .list: generator.made(disk[path], in: self)
    }
  }
}

extension Action {
  /// The program that the action runs, where it runs one.
  var program: Command? {
    switch self {
    case .command(let command), .build(_, let command), .kernelConfig(_, _, _, let command): command
    case .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .restart: nil
    }
  }
}

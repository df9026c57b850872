import PawlModel

/// 3. Before a step changes a file, its bytes are in the journal; undo brings all of them back,
/// with their metadata; what somebody else wrote is never lost.
final class KeptWatcher: Watcher {
  /// How each file was before the step first touched it; nil inside where it was absent.
  private var originals: [FilePlace: SimulatedDisk.Node?] = [:]
  private var editedSince: Set<FilePlace> = []
  private var undoneFrom: [StepID: StepState] = [:]
  private var provenByPeople: Set<StepID> = []
  /// What Pawl and the recipe's programs wrote at each path: nothing that could be lost.
  private var own: [String: Set<Digest>] = [:]

  func fileWillChange(_ deed: FileDeed, in world: World) {
    switch deed.author {
    case .somebodyElse:
      editedSince.formUnion(originals.keys.filter { isTellable($0, deed.path, in: world) })
    case .program(let id, let purpose):
      if purpose == .act { checkBackup(of: deed, step: id, in: world) }
      own[deed.path, default: []].formUnion([deed.after?.digest].compactMap(\.self))
    case .pawl(let id):
      if deed.path == Scenario.rescue { return }
      if let id { checkBackup(of: deed, step: id, in: world) }
      checkNothingLost(deed, in: world)
      own[deed.path, default: []].formUnion([deed.after?.digest].compactMap(\.self))
    }
  }

  /// After a program that nobody saw end, its own traces and somebody's edit look alike: the
  /// edit is kept, but undo brings back what was there first.
  private func isTellable(_ place: FilePlace, _ path: String, in world: World) -> Bool {
    guard place.path == path, let step = world.record?.step(place.step) else { return false }
    if step.frozen.action.program == nil { return true }
    return step.isOutcomeKnown && step.state != .started
  }

  private func checkBackup(of deed: FileDeed, step id: StepID, in world: World) {
    guard let step = world.record?.step(id), step.state != .undoing else { return }
    guard step.frozen.pathsToBackUp.contains(deed.path) else { return }
    let place = FilePlace(step: id, path: deed.path)
    // What others make anew is not put back byte for byte.
    let isExact = step.frozen.generated?.contains(deed.path) != true
    if isExact, originals[place] == nil || editedSince.contains(place) {
      originals[place] = .some(deed.before)
      editedSince.remove(place)
    }
    if world.raced.contains(place) { return }
    guard let backup = step.backups[deed.path] else {
      return world.violate(3, "\(id) changes \(deed.path) with no backup in the journal.")
    }
    guard case .file(_, let digest, _) = backup.before else { return }
    guard let bytes = world.log.blobs[digest], SHA256.hash(bytes) == digest else {
      return world.violate(3, "The journal lacks the bytes that \(deed.path) had before \(id).")
    }
  }

  /// Between the look and the backup's event nobody can hold back a third: what a program then
  /// writes over is lost, and no undo can be exact. A backup made by an undo is what stood in its
  /// way: the undo still owes the first.
  private func checkRace(_ backup: Backup, _ commit: Commit, in world: World) {
    guard let step = commit.stepBefore, step.state != .undoing else { return }
    let place = FilePlace(step: step.id, path: backup.path)
    let isSame = world.disk.state(at: backup.path).sameContent(as: backup.before)
    if !isSame, step.frozen.action.program != nil {
      world.raced.insert(place)
      return
    }
    guard originals[place] == nil || editedSince.contains(place) else { return }
    if step.frozen.generated?.contains(backup.path) == true { return }
    originals[place] = .some(isSame ? world.disk[backup.path] : Self.node(backup, in: world))
    if isSame { editedSince.remove(place) } else { editedSince.insert(place) }
  }

  /// A file action replaces only what is in its backup, whatever was written since.
  private static func node(_ backup: Backup, in world: World) -> SimulatedDisk.Node? {
    guard case .file(let metadata, let digest, _) = backup.before else { return nil }
    return world.log.blobs[digest].map { SimulatedDisk.Node(bytes: $0, metadata: metadata) }
  }

  private func checkNothingLost(_ deed: FileDeed, in world: World) {
    guard let before = deed.before else { return }
    if own[deed.path]?.contains(before.digest) == true { return }
    guard world.log.blobs[before.digest] == before.bytes else {
      return world.violate(3, "The bytes of \(deed.path) were replaced and are nowhere any more.")
    }
  }

  func committed(_ commit: Commit, in world: World) {
    if case .plan(let change) = commit.entry.body, change.event == .finishRollback {
      checkNothingLeft(in: world)
    }
    if case .backup(let backup) = commit.entry.body { checkRace(backup, commit, in: world) }
    guard let id = commit.entry.step, let event = commit.change?.event else { return }
    if event == .prove, !commit.isByRunner { provenByPeople.insert(id) }
    if event == .start { checkOthersAreKept(commit, in: world) }
    if event == .beginUndo { undoneFrom[id] = commit.stepBefore?.state ?? .pending }
    if event == .failUndo { checkRefusal(commit, id, in: world) }
    guard event == .finishUndo else { return }
    for (place, original) in originals where place.step == id {
      originals[place] = nil
      guard world.authors[place.path] != .somebodyElse, !world.raced.contains(place) else {
        continue
      }
      let found = world.disk.state(at: place.path)
      let wanted = original?.state ?? .absent
      guard found != wanted else { continue }
      world.violate(
        3, "\(place.path) was \(wanted.word) before \(id); after its undo it is \(found.word).")
    }
  }

  /// Nobody can hold back a program: what others wrote where it will write is kept before.
  private func checkOthersAreKept(_ commit: Commit, in world: World) {
    guard let step = commit.step, step.frozen.action.program != nil else { return }
    for path in step.frozen.pathsToBackUp where world.authors[path] == .somebodyElse {
      let edit = world.foreignEdits.last { $0.path == path }
      guard let edit, let node = world.disk[path] else { continue }
      if world.log.blobs[node.digest] == node.bytes { continue }
      let place = FilePlace(step: step.id, path: path)
      guard edit.point < world.lastSafePoint, !world.raced.contains(place) else {
        world.raced.insert(place)
        continue
      }
      world.violate(3, "\(step.id) starts, and what somebody wrote to \(path) is not kept.")
    }
  }

  private func checkNothingLeft(in world: World) {
    for place in originals.keys {
      world.violate(3, "The plan is rolled back, but \(place.step) left \(place.path) changed.")
    }
  }

  /// What a succeeded step left and nobody touched since is taken back without asking twice.
  private func checkRefusal(_ commit: Commit, _ id: StepID, in world: World) {
    guard undoneFrom[id] == .succeeded, !world.isFull, !provenByPeople.contains(id),
      commit.change?.exit == nil
    else { return }
    let generated = Set(commit.step?.frozen.generated ?? [])
    let paths = (commit.step?.frozen.pathsToBackUp ?? []).filter { !generated.contains($0) }
    let others = paths.contains { path in world.foreignEdits.contains { $0.path == path } }
    guard !paths.isEmpty, !others else { return }
    world.violate(3, "\(id) was not undone, and nobody else wrote its files.")
  }
}

import PawlModel

/// 3. Of a generated file the bytes are kept, but nobody relies on them: Pawl never writes it, undo
/// has it made anew from what was restored, and what others make of it stops nothing.
final class GeneratedWatcher: Watcher {
  private var isLookedAt = false

  func fileWillChange(_ deed: FileDeed, in world: World) {
    guard case .pawl = deed.author, world.isGenerated(deed.path) else { return }
    world.violate(3, "Pawl writes \(deed.path), which is made from other files.")
  }

  func committed(_ commit: Commit, in world: World) {
    guard world.hasGenerated else { return }
    checkFacts(commit, in: world)
    guard let step = commit.step, let event = commit.change?.event else { return }
    switch event {
    case .finishUndo: checkMadeAnew(step, in: world)
    case .failUndo: checkRefusal(commit, step, in: world)
    case .approve, .revoke, .start, .succeed, .fail, .interrupt, .goStale, .prove, .skip,
      .beginUndo:
      break
    }
  }

  /// An approval hangs on facts alone.
  private func checkFacts(_ commit: Commit, in world: World) {
    if !isLookedAt || commit.change?.event == .revoke { checkNames(commit, in: world) }
    isLookedAt = true
    guard commit.change?.event == .revoke, commit.isByRunner, world.madeAnew > 0 else { return }
    if world.foreignEdits.isEmpty, world.crashes == 0 {
      world.violate(3, "\(commit.entry.step?.name ?? "") was revoked for a generated file.")
    }
  }

  private func checkNames(_ commit: Commit, in world: World) {
    for step in commit.after.steps {
      let generated = Set(step.frozen.generated ?? [])
      for fact in step.frozen.facts where generated.contains(fact.path) {
        world.violate(
          3, "The approval of \(step.id) hangs on \(fact.path), which others make anew.")
      }
    }
  }

  private func checkMadeAnew(_ step: StepRecord, in world: World) {
    for path in step.frozen.generated ?? [] {
      guard let generator = world.scenario.generators[path], step.frozen.undo != nil else {
        continue
      }
      if path == SimulatedMenu.path {
        checkMenu(step, in: world)
        // Until all is undone only Pawl's part of it is made anew; a kernel of somebody else's is theirs
        // to put into it.
        let isTheirs = world.isOthers("/boot/vmlinuz-\(Scenario.newRelease)")
        if world.disk[SimulatedMenu.fragment] != nil || isTheirs { continue }
      }
      if generator.made(world.disk[path], in: world) { continue }
      if case .list(let source) = generator, world.authors[source] == .somebodyElse { continue }
      world.violate(3, "\(step.id) is undone, and \(path) is not what its inputs make of it.")
    }
  }

  /// The part of a menu that is Pawl's says what `entries.json` says.
  private func checkMenu(_ step: StepRecord, in world: World) {
    guard world.authors[SimulatedEntries.path] != .somebodyElse else { return }
    let fragment = world.disk[SimulatedMenu.fragment]
    let own = fragment.flatMap { SimulatedMenu($0.bytes) }
    let isMade = Generator.fragment.made(fragment, in: world)
    guard let menu = world.menu, isMade, menu == menu.with(own: own) else {
      return world.violate(3, "\(step.id) is undone, and the menu is not what is wanted of it.")
    }
  }

  private func checkRefusal(_ commit: Commit, _ step: StepRecord, in world: World) {
    let why = commit.change?.why ?? ""
    for path in step.frozen.generated ?? [] where why.contains("\(path) ") {
      world.violate(3, "\(step.id) was not undone for \(path), which others make anew.")
    }
  }
}

extension World {
  var hasGenerated: Bool { !scenario.generators.isEmpty }

  func isGenerated(_ path: String) -> Bool {
    hasGenerated && scenario.plan.steps.contains { $0.generated?.contains(path) == true }
  }
}

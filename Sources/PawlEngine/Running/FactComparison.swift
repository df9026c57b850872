import PawlModel

extension PlanRecord {
  /// Whether a path is as the fact says.
  func holds(_ fact: Fact, _ state: FileState) -> Bool {
    switch fact.expectation {
    case .absent: return state == .absent
    case .digest(let digest): return state.digest == digest
    case .leftBy(let earlier):
      let left = step(earlier)?.changes[fact.path]?.after
      return left.map { $0.sameContent(as: state) } ?? true
    }
  }

  /// The bytes that a copy is to find in its source: as an earlier step made them, or as they
  /// were when the plan was frozen; nil where nothing says.
  func expectedSource(of step: StepRecord) -> Digest? {
    guard case .copyFile(let from, _, _) = step.frozen.action else { return nil }
    if let made = TreeCopy.digest(of: from, in: self) { return made }
    switch step.frozen.facts.first(where: { $0.path == from })?.expectation {
    case .digest(let digest): return digest
    case .leftBy(let earlier): return self.step(earlier)?.changes[from]?.after.digest
    case .absent, nil: return nil
    }
  }
}

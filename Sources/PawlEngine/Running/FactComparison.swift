import PawlModel

extension PlanRecord {
  /// Whether a path is as the fact says.
  func holds(_ fact: Fact, _ state: FileState) -> Bool {
    switch fact.expectation {
    case .absent: return state == .absent
    case .digest(let digest): return state.digest == digest
    case .leftBy(let earlier): return isAsLeft(by: earlier, at: fact.path, state)
    }
  }

  /// By the file's own record, else by the list of what that step made; a path below such an
  /// output that the list does not name was not there.
  private func isAsLeft(by id: StepID, at path: String, _ state: FileState) -> Bool {
    guard let step = step(id) else { return false }
    if let change = step.changes[path] { return change.after.sameContent(as: state) }
    for (output, product) in zip(step.frozen.outputs, step.products) {
      if path == output { return product.entries.first?.digest == state.digest }
      guard path.hasPrefix(output + "/") else { continue }
      let name = String(path.dropFirst(output.count + 1))
      return product.entries.first { $0.path == name }?.digest == state.digest
    }
    return true
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

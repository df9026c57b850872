import PawlModel

/// Whether what a step is for was really done, by the disk and by the ledger.
extension World {
  /// A sentence, where the step is called succeeded and its work is not there. What somebody
  /// else changed in the meantime is not held against the step.
  func unfinishedWork(of step: StepRecord) -> String? {
    guard !isEditedByOthers(step.frozen) else { return nil }
    switch step.frozen.action {
    case .command, .build: return unfinishedProgram(step)
    case .kernelConfig(_, let build, let set, _): return unfinishedConfig(step, build, set)
    case .writeFile(let path, let content, let mode):
      guard let node = disk[path], node.bytes == Array(content.utf8) else {
        return "\(step.id) did not write \(path)."
      }
      return node.metadata.mode == mode ? nil : "\(step.id) did not give \(path) its mode."
    case .appendLine(let path, let line):
      let lines = String(decoding: disk[path]?.bytes ?? [], as: UTF8.self).split(separator: "\n")
      return lines.filter { $0 == line }.count == 1 ? nil : "\(step.id) did not add its line once."
    case .removeFile(let path): return disk[path] == nil ? nil : "\(path) is still there."
    case .copyFile(let from, let to, let mode): return unfinishedCopy(step, from, to, mode)
    case .copyTree(let from, let to): return unfinishedTree(step, from, to)
    case .restart: return nil
    }
  }

  private func unfinishedProgram(_ step: StepRecord) -> String? {
    let ended = ledger.contains { mark in
      mark.step == step.id && mark.purpose == .act && mark.kind == .end(good: true)
        && mark.token.hasSuffix("/\(step.attempts)")
    }
    guard ended else { return "\(step.id) is called done; its program did not end well." }
    return effectHolds(of: step.id) ? nil : "\(step.id) is called done; its effect is not there."
  }

  private func unfinishedConfig(
    _ step: StepRecord, _ build: String, _ set: [String: String]
  ) -> String? {
    let text = String(decoding: disk[build + "/.config"]?.bytes ?? [], as: UTF8.self)
    let asked = set.filter { $0.value != "n" && $0.value != "clear-if-missing" }
    let missing = asked.filter { !text.contains("CONFIG_\($0.key)=\($0.value)\n") }
    return missing.isEmpty ? nil : "\(step.id) is called done without \(missing.keys.sorted())."
  }

  private func unfinishedCopy(
    _ step: StepRecord, _ from: String, _ to: String, _ mode: UInt32?
  ) -> String? {
    guard let copy = disk[to] else { return "\(step.id) did not make \(to)." }
    if let made = productDigest(of: from), made != copy.digest {
      return "\(step.id) copied \(from), which is not what an earlier step made."
    }
    if authors[from] != .somebodyElse, let source = disk[from], source.digest != copy.digest {
      return "\(step.id) left \(to) with other bytes than \(from)."
    }
    return mode == nil || mode == copy.metadata.mode ? nil : "\(step.id) did not set a mode."
  }

  /// What a succeeded step recorded of a file among its products.
  private func productDigest(of path: String) -> Digest? {
    for step in record?.steps ?? [] where step.state == .succeeded {
      for product in step.products where path.hasPrefix(product.root + "/") {
        let relative = path.dropFirst(product.root.count + 1)
        return product.entries.first { $0.path == relative }?.digest
      }
    }
    return nil
  }

  private func unfinishedTree(_ step: StepRecord, _ from: String, _ to: String) -> String? {
    let products = record?.steps.flatMap(\.products) ?? []
    guard let product = products.last(where: { $0.root == from }) else { return nil }
    let wrong = product.entries.filter { entry in
      let path = "\(to)/\(entry.path)"
      return entry.kind == .file && disk[path]?.digest != entry.digest
        && authors[path] != .somebodyElse
    }
    return wrong.isEmpty ? nil : "\(step.id) did not copy \(wrong.map(\.path))."
  }

  /// Somebody else wrote one of the files that the step makes.
  func isEditedByOthers(_ step: FrozenStep) -> Bool {
    var paths = step.pathsToBackUp
    if let argv = step.action.program?.argv {
      paths += scenario.model(of: argv)?.effect.files.keys.map(\.self) ?? []
    }
    return paths.contains { authors[$0] == .somebodyElse }
  }
}

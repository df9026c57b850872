import PawlModel

extension PlanRecord {
  /// Where a step, its undo or an earlier attempt of it may have written. A program may have
  /// written anywhere; what it says it changes is where it is known to write.
  func pathsWritten(by step: StepRecord) -> [String] {
    var paths = step.frozen.pathsToBackUp + step.frozen.outputs
    if let undo = step.frozen.undo { paths += systemPaths + undo.pathsNamed }
    switch step.frozen.action {
    case .command(let command): paths += systemPaths + command.pathsNamed
    case .build(let directory, _): paths.append(directory)
    case .kernelConfig(_, let build, _, _): paths.append(build)
    case .copyTree(_, let to): paths.append(to)
    case .writeFile, .appendLine, .removeFile, .copyFile, .restart: break
    }
    return paths
  }

  private var systemPaths: [String] { [frozen.root, "/", "/boot", "/lib/modules"] }
}

extension Command {
  /// Its folder and the absolute paths in its arguments, `O=/home/ada/build` among them: a work
  /// folder is often on another file system than the root.
  fileprivate var pathsNamed: [String] {
    let named = argv.dropFirst().compactMap { word -> String? in
      guard !word.hasPrefix("/") else { return word }
      guard let sign = word.firstIndex(of: "=") else { return nil }
      let value = word[word.index(after: sign)...]
      return value.hasPrefix("/") ? String(value) : nil
    }
    return [directory ?? "/"] + named
  }
}

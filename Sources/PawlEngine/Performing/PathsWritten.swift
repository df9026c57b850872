import PawlModel

extension PlanRecord {
  /// Where a step, its undo or an earlier attempt of it may have written. A program may have
  /// written anywhere; what it says it changes is where it is known to write.
  func pathsWritten(by step: StepRecord) -> [String] {
    var paths = step.frozen.pathsToBackUp + step.frozen.outputs
    if step.frozen.undo != nil { paths += systemPaths }
    switch step.frozen.action {
    case .command(let command): paths += systemPaths + [command.directory ?? "/"]
    case .build(let directory, _): paths.append(directory)
    case .kernelConfig(_, let build, _, _): paths.append(build)
    case .copyTree(_, let to): paths.append(to)
    case .writeFile, .appendLine, .removeFile, .copyFile, .restart: break
    }
    return paths
  }

  private var systemPaths: [String] { [frozen.root, "/", "/boot", "/lib/modules"] }
}

import PawlHost
import PawlJournal
import PawlModel

/// Pawl's own file actions. Each can say beforehand what it will leave, so that after a crash
/// "before" and "after" can be told apart and anything else is somebody else's edit.
struct FileActions {
  let context: RunnerContext
  let step: StepRecord
  /// What a copy must find in its source; nil where nothing says.
  private let expectedSource: Digest?

  init(context: RunnerContext, plan: PlanRecord, step: StepRecord) {
    self.context = context
    self.step = step
    expectedSource = plan.expectedSource(of: step)
  }

  private var identity: Identity { step.frozen.runsAs }

  func perform() throws -> ActResult {
    let path = step.frozen.action.editedPaths.first ?? ""
    let present = try context.host.state(at: path)
    let after: FileState
    if try isDone(present) {
      after = present
    } else {
      try requireKnown(present, at: path)
      after = try change(path, from: present)
    }
    let found = try context.host.state(at: path)
    guard found.sameContent(as: after) else {
      throw PawlError(
        .stepFailed, "\(path) does not hold what was just written to it.",
        hint: "Check the disk, then run `pawl resume`.")
    }
    return ActResult(
      exit: ExitReport(.inProcess, millis: 0), changes: [FileChange(path: path, after: found)])
  }

  /// What is replaced must be in the journal, or be this step's own: somebody may have written
  /// since the backup was taken.
  private func requireKnown(_ present: FileState, at path: String) throws {
    if step.backups[path]?.before.sameContent(as: present) == true { return }
    if step.changes[path]?.after.sameContent(as: present) == true { return }
    if try intended()?.sameContent(as: present) == true { return }
    throw PawlError(
      .needsPerson, "\(path) was changed by somebody else while step \"\(step.id)\" began.",
      hint: "Look at it, then approve the step again.")
  }

  private func change(_ path: String, from present: FileState) throws -> FileState {
    switch step.frozen.action {
    case .writeFile(_, let content, let mode):
      return try publish(path, mode: mode, over: present) { try $0(Array(content.utf8)) }
    case .appendLine(_, let line):
      let bytes = try Self.appended(line, to: try bytes(at: path, present))
      return try publish(path, mode: nil, over: present) { try $0(bytes) }
    case .removeFile:
      try context.host.remove(at: path, expecting: present, as: identity)
      return .absent
    case .copyFile(let from, _, _):
      let mode = try intendedMode()
      return try publish(path, mode: mode, over: present) { try copyBytes(of: from, $0) }
    case .command, .copyTree, .kernelConfig, .build, .restart: return present
    }
  }

  /// The bytes are compared as they are copied, before they replace anything.
  private func copyBytes(of from: String, _ write: ([UInt8]) throws -> Void) throws {
    let copied = try context.host.read(at: from, as: identity, chunk: write)
    guard let expectedSource, copied.digest != expectedSource else { return }
    throw PawlError(
      .stepFailed, "\(from) is no longer what it was when it was made or approved.",
      hint: "Find out who changed it, then roll the plan back or make it anew.")
  }

  private func publish(
    _ path: String, mode: UInt32?, over present: FileState,
    fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    try context.host.publish(
      at: path, metadata: nil, mode: mode, replacing: present, as: identity, fill: fill)
  }

  private func bytes(at path: String, _ present: FileState) throws -> [UInt8] {
    guard case .file = present else { return [] }
    var bytes: [UInt8] = []
    _ = try context.host.read(at: path, as: identity) { bytes += $0 }
    return bytes
  }

  // MARK: - What the action will leave

  /// Whether the file has the bytes and the mode that the action is to leave.
  func isDone(_ present: FileState) throws -> Bool {
    guard try intended()?.sameContent(as: present) == true else { return false }
    guard case .file(let metadata, _, _) = present else { return true }
    let mode = try intendedMode()
    return mode == nil || mode == metadata.mode
  }

  /// nil where the action leaves the mode as it is.
  private func intendedMode() throws -> UInt32? {
    switch step.frozen.action {
    case .writeFile(_, _, let mode): mode
    case .copyFile(let from, _, let mode): try mode ?? self.mode(of: from)
    case .appendLine, .removeFile, .command, .copyTree, .kernelConfig, .build, .restart: nil
    }
  }

  /// nil where that cannot be told before the act.
  func intended() throws -> FileState? {
    switch step.frozen.action {
    case .writeFile(_, let content, let mode):
      let bytes = Array(content.utf8)
      return FileState.written(SHA256.hash(bytes), size: bytes.count, mode: mode)
    case .appendLine(let path, let line):
      guard let before = step.backups[path]?.before else { return nil }
      let bytes = try Self.appended(line, to: try backedUp(before))
      return FileState.written(SHA256.hash(bytes), size: bytes.count, mode: 0)
    case .removeFile: return .absent
    case .copyFile(let from, _, _):
      if let expectedSource { return FileState.written(expectedSource, size: 0, mode: 0) }
      let source = try context.host.state(at: from)
      guard case .file = source else { return nil }
      return source
    case .command, .copyTree, .kernelConfig, .build, .restart: return nil
    }
  }

  private func backedUp(_ before: FileState) throws -> [UInt8] {
    guard let digest = before.digest else { return [] }
    var bytes: [UInt8] = []
    try context.journal.readBlob(digest) { bytes += $0 }
    return bytes
  }

  /// The same bytes where the very line is there already.
  static func appended(_ line: String, to bytes: [UInt8]) throws -> [UInt8] {
    guard bytes.count <= 16 << 20 else {
      throw PawlError(
        .refused, "A line is appended to files of at most 16 MiB.",
        hint: "Use a command step for larger files.")
    }
    let wanted = Array(line.utf8)
    if bytes.split(separator: UInt8(ascii: "\n")).contains(where: { $0.elementsEqual(wanted) }) {
      return bytes
    }
    let separator: [UInt8] = bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? [] : [10]
    return bytes + separator + wanted + [10]
  }

  private func mode(of path: String) throws -> UInt32? {
    guard case .file(let metadata, _, _) = try context.host.state(at: path) else { return nil }
    return metadata.mode
  }
}

extension FileState {
  fileprivate static func written(_ digest: Digest, size: Int, mode: UInt32) -> FileState {
    .file(
      FileMetadata(mode: mode, uid: 0, gid: 0, modifiedNanos: 0), digest: digest, size: Int64(size))
  }
}

import PawlHost
import PawlJournal
import PawlModel

/// Takes what an attempt prints into the journal: the beginning as it comes, then only the end,
/// and says what was cut. A gigabyte of output costs the journal its two bounds and no more.
final class OutputRecorder {
  private let context: RunnerContext
  private let plan: PlanID
  private let step: StepRecord
  private var pending: [UInt8] = []
  private var tail = RingBuffer(capacity: 0)
  private(set) var lastWords = LastWords()
  private var lastWrite: Int64 = 0
  private var total: Int64 = 0
  private var kept: Int64 = 0
  /// Bytes that the full disk of the journal had no space for.
  private var refused: Int64 = 0

  init(context: RunnerContext, plan: PlanID, step: StepRecord) {
    self.context = context
    self.plan = plan
    self.step = step
    tail = RingBuffer(capacity: context.limits.outputTail)
  }

  private var bytesTaken: Int64 { kept + refused + Int64(pending.count) }

  func take(_ tick: ProcessTick) throws {
    total += Int64(tick.output.count) + tick.skipped
    lastWords.take(tick.output)
    let room = Int(max(0, context.limits.outputHead - bytesTaken))
    pending.append(contentsOf: tick.output.prefix(room))
    if tick.output.count > room { tail.append(tick.output[room...]) }
    let due = tick.millis - lastWrite >= context.limits.outputInterval || pending.count > 256 << 10
    if due, !pending.isEmpty {
      try flush()
      lastWrite = tick.millis
    }
  }

  /// Writes what is left; nil where nothing was printed.
  func finish() throws -> OutputSummary? {
    guard total > 0 else { return nil }
    let last = tail.contents
    let lost = total - bytesTaken - Int64(last.count)
    var cut: String?
    if lost > 0 {
      let sentence = "\n[pawl: \(lost) bytes of \(total) were cut here]\n"
      pending.append(contentsOf: sentence.utf8)
      cut = "\(lost) of \(total) bytes were cut from the middle"
    }
    pending.append(contentsOf: last)
    try flush()
    if refused > 0 { cut = "no space was left for \(refused) of \(total) bytes" }
    return OutputSummary(bytes: total, kept: kept, cut: cut)
  }

  /// What stands in the spool of an attempt whose runner died, beyond what it had recorded.
  func salvage() throws -> OutputSummary? {
    let spool = Programs.spoolPath(context, plan: plan, step: step, purpose: "act")
    let already = try context.journal.outputBytes(
      plan: plan, step: step.id, attempt: step.attempts)
    let rest = context.host.spooledOutput(spool, from: already, limit: context.limits.outputTail)
    context.host.removeSpool(spool)
    guard !rest.isEmpty else { return nil }
    try context.journal.appendOutput(
      rest, plan: plan, step: step.id, attempt: step.attempts)
    return OutputSummary(
      bytes: already + Int64(rest.count), kept: already + Int64(rest.count),
      cut: "the runner died; the end was read from what the step left behind")
  }

  private func flush() throws {
    guard !pending.isEmpty else { return }
    do {
      // What is set aside is for the outcome: output takes what is beyond it, or nothing.
      try context.journal.secureSpace()
      try context.journal.appendOutput(pending, plan: plan, step: step.id, attempt: step.attempts)
      kept += Int64(pending.count)
    } catch let error as PawlError where error.code == .diskFull {
      // Ended in the middle for want of its log, a package manager leaves a broken host.
      refused += Int64(pending.count)
    }
    pending.removeAll(keepingCapacity: true)
  }
}

/// The last `capacity` bytes of what was appended.
struct RingBuffer {
  private let capacity: Int
  private var bytes: [UInt8] = []
  private var start = 0

  init(capacity: Int) { self.capacity = capacity }

  var contents: [UInt8] { Array(bytes[start...] + bytes[..<start]) }

  mutating func append(_ new: ArraySlice<UInt8>) {
    let wanted = new.suffix(capacity)
    let room = min(capacity - bytes.count, wanted.count)
    bytes.append(contentsOf: wanted.prefix(room))
    var rest = wanted.dropFirst(room)
    while !rest.isEmpty {
      let piece = rest.prefix(capacity - start)
      bytes.withUnsafeMutableBufferPointer { buffer in
        _ = buffer[start...].update(fromContentsOf: piece)
      }
      start = (start + piece.count) % capacity
      rest = rest.dropFirst(piece.count)
    }
  }
}

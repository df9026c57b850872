import PawlHost
import PawlJournal
import PawlModel

/// Makes durable, now and then, what a running build has made, and records how far that goes.
/// What a checkpoint covers survives a power cut; what a sample covers survives a kill.
struct BuildCheckpoints {
  private static let sampleMillis: Int64 = 1000
  /// A sync may take this part of the time between two, at most: one hundredth.
  private static let costFactor: Int64 = 100
  /// A wall clock that moved this much against the other clock was set by somebody.
  private static let clockStep: Int64 = 500
  private static let sleepMillis: Int64 = 2000

  private let performer: Performer
  private let folder: BuildFolder
  private var interval: Int64
  private var lastCheckpoint: Int64 = 0
  private var lastSample: Int64 = -Self.sampleMillis
  private var clockOffset: Int64
  private var sleepOffset: Int64?
  private var asleep: Int64 = 0
  private var syncing: Int64 = 0
  private var lastCutoff: Int64
  var sequence: Int64

  init(performer: Performer, folder: BuildFolder) {
    self.performer = performer
    self.folder = folder
    interval = performer.context.limits.checkpointInterval
    sequence = performer.plan.sequence
    let now = performer.context.host.now()
    clockOffset = now.wallMillis - now.bootMillis
    lastCutoff = Int64.max
  }

  mutating func take(_ tick: ProcessTick, _ progress: BuildProgress) throws {
    let now = performer.context.host.now()
    try noteSleep(tick, now)
    let offset = now.wallMillis - now.bootMillis
    let clockWasSet = abs(offset - clockOffset) > Self.clockStep
    clockOffset = offset
    if tick.millis - lastSample >= Self.sampleMillis, !tick.hasEnded {
      lastSample = tick.millis
      folder.keepSample(cutoff(of: tick))
    }
    guard clockWasSet || tick.millis - lastCheckpoint >= interval else { return }
    lastCheckpoint = tick.millis
    try record(tick, progress, clockWasSet: clockWasSet)
  }

  private mutating func record(
    _ tick: ProcessTick, _ progress: BuildProgress, clockWasSet: Bool
  ) throws {
    var found = min(cutoff(of: tick), try folder.open())
    // What was in flight when the clock was set may bear times of the clock before.
    if clockWasSet { found = min(found, lastCutoff) }
    let began = performer.context.host.now().bootMillis
    let isDurable = (try? folder.sync()) != nil
    let took = performer.context.host.now().bootMillis - began
    syncing += took
    interval = max(performer.context.limits.checkpointInterval, took * Self.costFactor)
    do {
      try append(
        .checkpoint(
          progress.checkpoint(
            millis: tick.millis, asleep: asleep, cutoff: isDurable ? found : nil,
            syncing: syncing)))
      if isDurable { lastCutoff = found }
    } catch let error as PawlError where error.code == .diskFull {
      // The build goes on: all that a missing checkpoint costs is work, should power be lost.
    }
  }

  private func cutoff(of tick: ProcessTick) -> Int64 {
    performer.context.host.earliestStart(inGroup: tick.group) - BuildFolder.slackNanos
  }

  private mutating func noteSleep(_ tick: ProcessTick, _ now: Stamp) throws {
    let offset = now.bootMillis - tick.millis
    defer { sleepOffset = offset }
    guard let before = sleepOffset, offset - before > Self.sleepMillis else { return }
    asleep += offset - before
    let seconds = (offset - before) / 1000
    try append(
      .note(Note(topic: "sleep", text: "The host slept for \(seconds) seconds; they do not count."))
    )
  }

  private mutating func append(_ body: EventBody) throws {
    let context = performer.context
    sequence = try context.journal.append(
      [Entry(plan: performer.plan.id, step: performer.step.id, body)], by: context.actor,
      at: context.host.now())
  }
}

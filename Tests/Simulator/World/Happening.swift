import PawlModel

/// The instants at which something can go wrong: before and after every write of the journal and
/// every effect on the host, and in the middle of a program's run.
enum Place: String, Hashable {
  case appendBefore, appendAfter, blobBefore, blobAfter, outputBefore, outputAfter
  case lookAtFile, readFile
  case publishBefore, publishWritten, publishAfter
  case removeBefore, removeAfter, folderBefore, folderAfter
  case treeBefore, treeDuring, treeAfter
  case syncBefore, syncAfter
  case programBefore, programDuring, programAfter
  case armBefore, armAfter, disarmBefore, disarmAfter, restartBefore, restartAfter
  case survivorsBefore, survivorsAfter, spoolBefore, spoolAfter
}

/// How a runner ends that did not want to.
enum CrashKind: Hashable {
  /// `kill -9` of the runner alone; its children may go on.
  case kill(ChildFate)
  /// The machine loses power: another boot, no processes, no volatile effects, a torn disk.
  case cut(SimulatedDisk.Loss)

  enum ChildFate: Hashable {
    /// Ends its work before anybody looks.
    case finishes
    /// Is still at work when the next runner looks, and ends when waited for.
    case goesOn
    /// Does not end by itself within any time.
    case hangs
  }

  static let all: [CrashKind] = [
    .kill(.finishes), .kill(.goesOn), .kill(.hangs), .cut(.everything), .cut(.nothing),
    .cut(.atRandom),
  ]
}

/// What comes from outside at a numbered instant.
enum Happening: Hashable {
  case crash(CrashKind)
  /// Somebody else writes one of the plan's files (or removes it), durably.
  case foreignEdit
  /// Somebody else writes the file that the runner is about to replace, between look and act.
  case editBeforePublish
  /// Somebody else makes every generated file of the plan anew, a boot menu say.
  case madeAnew
  case control(ControlRequest)
  /// From here on, and for a while, there is no space.
  case diskFills
  /// The next writes of the journal fail with an error, with nothing written.
  case journalFails(times: Int)
  /// The wall clock jumps, as it does on a board without a battery.
  case clockJumps
}

/// Which happening at which instant; instants are counted through all lives of the runner.
public struct Schedule: Hashable {
  var happenings: [Int: [Happening]] = [:]

  public init() {}

  init(_ point: Int, _ happening: Happening) { happenings = [point: [happening]] }

  mutating func add(_ happening: Happening, at point: Int) {
    happenings[point, default: []].append(happening)
  }

  func adding(_ happening: Happening, at point: Int) -> Schedule {
    var copy = self
    copy.add(happening, at: point)
    return copy
  }
}

/// The runner is gone. Not a `PawlError`: nothing in the engine can catch it.
struct SimulatedCrash: Error {}

/// The runner did more than any honest run can need.
struct RanTooLong: Error {}

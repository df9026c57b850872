import PawlModel

/// What a simulated program does, by its arguments. A program is a list of deeds; a crash, a
/// signal or a failure may fall between any two of them.
struct ProgramModel: Hashable {
  enum Deed: Hashable {
    /// Written like most programs write: nothing is synced.
    case write(path: String, bytes: [UInt8], mode: UInt32)
    case remove(path: String)
    /// An effect in the running kernel that dies with the boot.
    case setFlag(String)
    case clearFlag(String)
    case print(Int)
    /// What a compiler makes; left alone where it is there already, whole or not.
    case object(path: String, bytes: [UInt8])
    /// `make olddefconfig`: sorts the configuration and drops what it does not like.
    case completeConfig(path: String, dropping: [String])
    /// A file that is made from others; `carefully`: aside, synced, renamed.
    case make(path: String, by: Generator, carefully: Bool)
    /// Whole, or not at all.
    case copy(from: String, to: String)
    /// Pawl's copies of kernels that no entry needs any more.
    case removeCopies(evenIfNoneIsWanted: Bool)
    /// What the loader would start once, where that is Pawl's.
    case clearOneShot
  }

  enum BadEnding: Hashable {
    case exits(Int32)
    case signalled(Int32)
    case hangs
    case notStarted
  }

  var deeds: [Deed] = []
  /// The first runs end badly after half of their deeds.
  var failsFirst = 0
  var badEnding = BadEnding.exits(1)
  /// As `/proc/PID/comm` would have it.
  var processName = "prog"

  /// What stands on the disk and in the kernel once it has done its work.
  var effect: Effect {
    var effect = Effect()
    for deed in deeds {
      switch deed {
      case .write(let path, let bytes, _), .object(let path, let bytes): effect.files[path] = bytes
      case .remove(let path): effect.files[path] = .some(nil)
      case .setFlag(let name): effect.flags[name] = true
      case .clearFlag(let name): effect.flags[name] = false
      case .make(let path, let generator, _): effect.made[path] = generator
      case .print, .completeConfig, .copy, .removeCopies, .clearOneShot: break
      }
    }
    return effect
  }

  struct Effect: Hashable {
    /// nil for a file that is to be gone.
    var files: [String: [UInt8]?] = [:]
    var flags: [String: Bool] = [:]
    var made: [String: Generator] = [:]

    var isEmpty: Bool { files.isEmpty && flags.isEmpty && made.isEmpty }
  }
}

/// Which of its programs a step runs.
enum Purpose: String, Hashable { case act, check, undo }

/// A program that is at work.
final class RunningProcess {
  let pid: Int32
  let token: String
  let step: StepID
  let purpose: Purpose
  let spool: String
  let model: ProgramModel
  /// How many deeds this run will do before it ends, and how it ends then.
  let deedsToDo: Int
  let badEnding: ProgramModel.BadEnding?
  var done = 0
  var hangs = false

  init(
    pid: Int32, token: String, step: StepID, purpose: Purpose, spool: String, model: ProgramModel,
    failing: Bool
  ) {
    self.pid = pid
    self.token = token
    self.step = step
    self.purpose = purpose
    self.spool = spool
    self.model = model
    deedsToDo = failing ? model.deeds.count / 2 : model.deeds.count
    badEnding = failing ? model.badEnding : nil
  }

  var nextDeed: ProgramModel.Deed? { done < deedsToDo ? model.deeds[done] : nil }
}

/// What really happened, kept where neither crash nor power cut reaches it.
struct Mark: Hashable {
  enum Kind: Hashable { case start, end(good: Bool) }

  var kind: Kind
  var purpose: Purpose
  var step: StepID
  var token: String
  var bootID: BootID
  /// The newest event of the journal at that time.
  var sequence: Int64
}

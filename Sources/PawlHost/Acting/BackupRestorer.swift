import CPawl
import Glibc
import PawlModel

/// Something of a file's recorded metadata that could not be given to a new file.
public struct NotGiven: Sendable, Hashable, CustomStringConvertible {
  /// `its owner (uid 0)`.
  public let what: String
  /// `only root may give it`.
  public let why: String

  public var description: String { "\(what): \(why)" }
}

extension LiveHost {
  /// Makes a new file of recorded bytes with all of the recorded metadata that may be given here:
  /// by whom, and on what file system, decides the kernel. Answers with what is missing, found by
  /// looking at the file and not at what was tried. Nothing is overwritten.
  public func bringBack(
    at path: String, like recorded: FileMetadata, as identity: Identity,
    fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> [NotGiven] {
    let place = try FileIdentity.perform(as: identity) {
      let place = try walk(as: identity).place(path)
      guard try Standing.find(place) == nil else { throw BackupRestorer.taken(path) }
      return place
    }
    let aside = try AsideFile(for: place, as: identity)
    try aside.write(fill)
    let reasons = try aside.give(WantedMetadata(recorded))
    try aside.sync()
    guard case .file(let given, _, _) = try aside.readBack() else {
      throw BackupRestorer.taken(path)
    }
    try FilePublisher(target: place, identity: identity).exchange(aside, .absent)
    try syncFolder(place.folder, path: path)
    return BackupRestorer(wanted: recorded, given: given, reasons: reasons).missing
  }
}

/// Compares what a file was to be like with what it is like.
struct BackupRestorer {
  let wanted: FileMetadata
  let given: FileMetadata
  /// Why the kernel refused, by what was tried.
  let reasons: [AsideFile.Gift: Int32]

  static func taken(_ path: String) -> PawlError {
    PawlError(
      .cannotCreate, "\(path) exists; a backup is never written over anything.",
      hint: "Name a new file with --to.")
  }

  var missing: [NotGiven] {
    var missing: [NotGiven] = []
    if given.uid != wanted.uid { missing.append(lacks("its owner (uid \(wanted.uid))", .owner)) }
    if given.gid != wanted.gid { missing.append(lacks("its group (gid \(wanted.gid))", .group)) }
    if given.mode != wanted.mode { missing.append(lacks(modeInWords, .mode)) }
    if given.modifiedNanos != wanted.modifiedNanos {
      missing.append(lacks("the exact time of its last change", .time))
    }
    for (name, value) in wanted.attributes.sorted(by: { $0.key < $1.key })
    where given.attributes[name] != value {
      missing.append(lacks("its attribute \(name)", .attribute(name)))
    }
    return missing
  }

  private var modeInWords: String {
    "its mode \(String(wanted.mode, radix: 8)) (it has \(String(given.mode, radix: 8)))"
  }

  private func lacks(_ what: String, _ gift: AsideFile.Gift) -> NotGiven {
    NotGiven(what: what, why: why(gift))
  }

  private func why(_ gift: AsideFile.Gift) -> String {
    switch reasons[gift] {
    case nil where gift == .mode && (given.uid != wanted.uid || given.gid != wanted.gid):
      "set-id bits go with owner and group only"
    case EPERM?, EACCES?: "this user may not give it"
    case let code? where isUnsupported(code): "the file system there keeps no such thing"
    case let code?: reason(code)
    case nil: "the file system there does not keep it"
    }
  }
}

extension AsideFile {
  enum Gift: Hashable {
    case owner, group, mode, time
    case attribute(String)
  }

  /// Tries each by itself, owner first, since a change of owner clears set-id bits and
  /// capabilities. Answers with what the kernel refused, and why.
  func give(_ wanted: WantedMetadata) throws -> [Gift: Int32] {
    try FileIdentity.perform(as: identity) {
      var refused: [Gift: Int32] = [:]
      let nobody = uid_t.max
      if fchown(file.raw, wanted.uid, nobody) != 0 { refused[.owner] = errno }
      if fchown(file.raw, nobody, wanted.gid) != 0 { refused[.group] = errno }
      if let attributes = wanted.attributes {
        for (name, code) in try ExtendedAttributes.give(attributes, to: file, path: target.path) {
          refused[.attribute(name)] = code
        }
      }
      // A program that would run as another user than recorded is nobody's wish.
      var mode = wanted.mode
      let now = try file.stat(path: target.path)
      if now.uid != wanted.uid { mode &= ~0o4000 }
      if now.gid != wanted.gid { mode &= ~0o2000 }
      if fchmod(file.raw, mode_t(mode)) != 0 { refused[.mode] = errno }
      if let code = wanted.modifiedNanos.flatMap(setModified) { refused[.time] = code }
      return refused
    }
  }
}

import CPawl
import Glibc
import PawlModel

/// A new file under a temporary name in the folder of its target. After a crash it may be left
/// over, never in the place of the target; it is locked while its writer lives, so that a later
/// run can tell what is left over from what is being written.
final class AsideFile {
  let place: Place
  let target: Place
  let identity: Identity
  private(set) var digest = SHA256.hash([])
  private(set) var size: Int64 = 0
  let file: Descriptor
  private var mustRemove = true

  init(for target: Place, as identity: Identity) throws {
    let name = AsideFile.newName()
    place = Place(folder: target.folder, name: name, path: target.path)
    self.target = target
    self.identity = identity
    file = try FileIdentity.perform(as: identity) {
      try Descriptor(
        taking: pawl_create_new(target.folder.raw, name), "make a new file beside", target.path)
    }
    _ = flock(file.raw, LOCK_EX | LOCK_NB)
  }

  deinit { if mustRemove { try? remove() } }

  static func newName() -> String {
    let random = String(UInt64.random(in: .min ... .max), radix: 16)
    return ".pawl-" + String(repeating: "0", count: 16 - random.count) + random + ".aside"
  }

  static func isName(_ name: String) -> Bool {
    let digits = name.dropFirst(6).dropLast(6)
    return name.hasPrefix(".pawl-") && name.hasSuffix(".aside") && digits.utf8.count == 16
      && digits.allSatisfy(\.isHexDigit)
  }

  /// `fill` runs with the identity of the process, not with that of the step.
  func write(_ fill: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws {
    var hasher = SHA256()
    var count: Int64 = 0
    try fill { bytes in
      try file.write(bytes, path: target.path)
      hasher.update(bytes)
      count += Int64(bytes.count)
    }
    digest = hasher.finish()
    size = count
  }

  func set(_ wanted: WantedMetadata) throws {
    guard !wanted.isWithoutMetadata else { return }
    guard wanted.isBestEffort else { return try setAll(wanted) }
    for (_, code) in try give(wanted) where ![EPERM, EACCES].contains(code) && !isUnsupported(code)
    {
      throw systemFault(code, "set owner, mode, time or attributes of", target.path)
    }
  }

  /// Owner first, since a change of owner clears set-id bits and capabilities.
  private func setAll(_ wanted: WantedMetadata) throws {
    try FileIdentity.perform(as: identity) {
      let path = target.path
      let now = try file.stat(path: path)
      if now.uid != wanted.uid || now.gid != wanted.gid {
        try calling("give its owner to", path) { fchown(file.raw, wanted.uid, wanted.gid) }
      }
      if let attributes = wanted.attributes {
        try ExtendedAttributes.write(attributes, to: file, path: path)
      }
      try calling("set the mode of", path) { fchmod(file.raw, mode_t(wanted.mode)) }
      if let modified = wanted.modifiedNanos, let code = setModified(modified) {
        throw systemFault(code, "set the time of", path)
      }
    }
  }

  /// Answers with the kernel's refusal.
  func setModified(_ nanos: Int64) -> Int32? {
    // Rounded down, as the kernel does for times before 1970.
    let seconds = nanos >= 0 ? nanos / billion : (nanos + 1) / billion - 1
    let result = pawl_set_modified(file.raw, seconds, nanos - seconds * billion)
    return result < 0 ? -result : nil
  }

  /// Everything written so far is on the device when this returns.
  func sync() throws { try file.sync(path: target.path) }

  /// Opens the file anew and compares what the device gives back with what was written.
  func readBack() throws -> FileState {
    pawl_forget_cached(file.raw)
    let state = try FileIdentity.perform(as: identity) {
      guard let standing = try Standing.find(place),
        standing.isSameFile(as: try file.stat(path: target.path)),
        let reading = try FileReading(place, standing: standing)
      else { throw FileReading.changed(target.path) }
      return try reading.state()
    }
    guard case .file(_, digest, size) = state else {
      throw PawlError(
        .inputOutput, "What was written for \(target.path) was not what was read back.",
        hint: "The device or its memory is faulty; look at the kernel's log.")
    }
    return state
  }

  /// The temporary name now means something else, or nothing.
  func giveUpName() { mustRemove = false }

  func remove() throws {
    mustRemove = false
    try FileIdentity.perform(as: identity) {
      _ = try calling("remove the temporary file beside", target.path) {
        unlinkat(place.folder.raw, place.name, 0)
      }
    }
  }
}

private let billion: Int64 = 1_000_000_000

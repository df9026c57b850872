import PawlModel
import Testing

@testable import PawlHost

/// Where a file system keeps what it likes of owners, modes and attributes: Windows' files, below WSL.
@Suite struct RefusedMetadataTests {
  private let folder: TemporaryFolder
  /// Of a namespace that no file system knows, so that the kernel refuses it to root, too.
  private let wanted: WantedMetadata

  init() throws {
    folder = try TemporaryFolder()
    var wanted = WantedMetadata(
      FileMetadata(mode: 0o640, uid: own.uid, gid: own.gid, modifiedNanos: 1_234_567_890))
    wanted.attributes = ["pawl.unknown": "a2VwdA=="]
    self.wanted = wanted
  }

  private func given(_ wanted: WantedMetadata) throws -> FileMetadata? {
    let place = try LiveHost().walk(as: own).place(folder("new"))
    let aside = try AsideFile(for: place, as: own)
    try aside.write { try $0(Array("bytes".utf8)) }
    try aside.set(wanted)
    guard case .file(let given, _, _) = try aside.readBack() else { return nil }
    return given
  }

  @Test("one thing that is not kept there does not keep the others from being set")
  func eachByItself() throws {
    var wanted = wanted
    wanted.isBestEffort = true
    let given = try given(wanted)
    #expect(given?.mode == 0o640 && given?.modifiedNanos == 1_234_567_890)
    #expect(given?.attributes["pawl.unknown"] == nil)
  }

  @Test("where all of it has to be kept, what is refused is said")
  func whole() {
    #expect(throws: PawlError.self) { try given(wanted) }
  }
}

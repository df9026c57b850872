import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

/// What a backup gets back beside its bytes, and what is said of the rest.
@Suite struct BackupRestorerTests {
  private let folder: TemporaryFolder
  private let host = LiveHost()
  private let time: Int64 = 1_234_567_890_123_456_789

  init() throws {
    folder = try TemporaryFolder()
    chmod(folder.path, 0o777)
  }

  private func bringBack(
    _ recorded: FileMetadata, as identity: Identity = own
  ) throws -> (given: FileMetadata?, missing: [NotGiven]) {
    let missing = try host.bringBack(at: folder("new"), like: recorded, as: identity) {
      try $0(Array("bytes".utf8))
    }
    guard case .file(let given, let digest, _) = try host.state(at: folder("new")) else {
      return (nil, missing)
    }
    #expect(digest == SHA256.hash("bytes".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["new"])
    return (given, missing)
  }

  private func recorded(_ mode: UInt32, uid: UInt32, gid: UInt32) -> FileMetadata {
    FileMetadata(mode: mode, uid: uid, gid: gid, modifiedNanos: time)
  }

  @Test("mode, time and attributes of one's own file come back whole")
  func ownFile() throws {
    var wanted = recorded(0o640, uid: own.uid, gid: own.gid)
    try write("probe", at: folder("probe"))
    if Shell.setAttribute("user.pawl", Array("kept".utf8), folder("probe")) {
      wanted.attributes["user.pawl"] = Data("kept".utf8).base64EncodedString()
    }
    unlink(folder("probe"))
    let (given, missing) = try bringBack(wanted)
    #expect(missing == [])
    #expect(given?.mode == 0o640 && given?.modifiedNanos == time)
    #expect(given?.attributes["user.pawl"] == wanted.attributes["user.pawl"])
  }

  @Test("root gives the owner back, and set-id bits with it", .enabled(if: isRoot, why))
  func byRoot() throws {
    let wanted = recorded(0o6755, uid: 1234, gid: 2345)
    let (given, missing) = try bringBack(wanted)
    #expect(missing == [])
    #expect(given?.uid == 1234 && given?.gid == 2345 && given?.mode == 0o6755)
  }

  /// As nobody where root runs the tests.
  private var user: Identity { isRoot ? stranger : own }

  @Test("another user gives back what he may, and is told that the owner is not among it")
  func byUser() throws {
    let (given, missing) = try bringBack(recorded(0o640, uid: 4321, gid: 5432), as: user)
    #expect(given?.uid == user.uid && given?.mode == 0o640 && given?.modifiedNanos == time)
    #expect(
      missing.map(\.description) == [
        "its owner (uid 4321): this user may not give it",
        "its group (gid 5432): this user may not give it",
      ])
  }

  @Test("a program that was to run as its owner does not run as another")
  func setID() throws {
    let (given, missing) = try bringBack(recorded(0o6755, uid: 4321, gid: 5432), as: user)
    #expect(given?.mode == 0o755)
    #expect(missing.last?.what == "its mode 6755 (it has 755)")
    #expect(missing.last?.why == "set-id bits go with owner and group only")
  }

  @Test("an attribute that cannot be given is named, and the others are given")
  func attributes() throws {
    var wanted = recorded(0o600, uid: own.uid, gid: own.gid)
    wanted.attributes["nowhere.pawl"] = Data("x".utf8).base64EncodedString()
    let (given, missing) = try bringBack(wanted)
    #expect(given?.mode == 0o600 && given?.modifiedNanos == time)
    #expect(
      missing.map(\.description) == [
        "its attribute nowhere.pawl: the file system there keeps no such thing"
      ])
  }

  @Test("nothing is overwritten")
  func occupied() throws {
    let before = try write("there", at: folder("new"))
    let error = refusal { _ = try bringBack(recorded(0o600, uid: own.uid, gid: own.gid)) }
    #expect(error?.code == .cannotCreate)
    #expect(try host.state(at: folder("new")) == before)
  }
}

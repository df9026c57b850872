import CPawl
import Glibc
import PawlModel

/// Acts on files with the permissions of somebody else, on the calling thread alone, so that root
/// never writes where the user could not, nor through the user's links. The kernel takes root's
/// file capabilities away for that time. Nothing that is not ours (a closure of the engine, the
/// journal) may run inside.
enum FileIdentity {
  /// Restored before this returns, also when `body` throws, and the restoration is read back.
  static func perform<Result>(
    as identity: Identity, _ body: () throws -> Result
  ) throws -> Result {
    let current = pawl_thread_setfsuid(UInt32.max)
    guard current != identity.uid else { return try body() }
    guard current == 0 else {
      throw PawlError(
        .notAllowed,
        "This process may not act as \(identity.name) (uid \(identity.uid)).",
        hint: "Run Pawl as root, for example with sudo.")
    }
    let before = try ThreadIdentity.current()
    try ThreadIdentity(uid: identity.uid, gid: identity.gid, groups: identity.groups).assume()
    let outcome = Swift.Result { try body() }
    try before.assume()
    return try outcome.get()
  }
}

private struct ThreadIdentity: Equatable {
  var uid: UInt32
  var gid: UInt32
  var groups: [UInt32]

  static func current() throws -> ThreadIdentity {
    let count = try checked(pawl_thread_getgroups(0, nil), "read the groups of", "this thread")
    var groups = [UInt32](repeating: 0, count: Int(count))
    if count > 0 {
      try checked(
        pawl_thread_getgroups(groups.count, &groups), "read the groups of", "this thread")
    }
    // The kernel answers with the value before, and refuses -1 without an error.
    return ThreadIdentity(
      uid: pawl_thread_setfsuid(UInt32.max), gid: pawl_thread_setfsgid(UInt32.max), groups: groups)
  }

  func assume() throws {
    try checked(pawl_thread_setgroups(groups.count, groups), "set the groups of", "this thread")
    _ = pawl_thread_setfsgid(gid)
    _ = pawl_thread_setfsuid(uid)
    let now = try ThreadIdentity.current()
    guard now.uid == uid, now.gid == gid, now.groups.sorted() == groups.sorted() else {
      throw PawlError(
        .internalFault, "The file identity of this thread could not be set to uid \(uid).",
        hint: "Stop Pawl: what it would do next could run with other permissions than recorded.")
    }
  }
}

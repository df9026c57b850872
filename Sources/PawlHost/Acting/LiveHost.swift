import Glibc
import PawlModel

/// The machine itself. Holds no state of its own, so that any number of threads may use one.
public final class LiveHost: Host {
  /// Paths below a root other than `/` stay below it: links there cannot lead out.
  let root: String

  public init(root: String = "/") { self.root = root }

  /// Once at the start of a process that acts: files that children make are readable for all and
  /// writable for their owner, and a reader that goes away is an error, not a death.
  public static func prepareProcess() {
    umask(0o022)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Whom this process acts as, with the groups that it has.
  public static func ownIdentity() -> Identity {
    var groups = [gid_t](repeating: 0, count: Int(max(getgroups(0, nil), 0)))
    let count = getgroups(Int32(groups.count), &groups)
    var identity = processIdentity
    identity.groups = Array(groups.prefix(Int(max(count, 0))))
    if let account = account(of: identity.uid) {
      (identity.name, identity.home) = account
    }
    return identity
  }

  /// As the user database has it; nil where it knows no such user.
  static func account(of uid: uid_t) -> (name: String, home: String)? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16384)
    // What the entry points to is inside the buffer.
    return buffer.withUnsafeMutableBufferPointer { space in
      guard let base = space.baseAddress,
        getpwuid_r(uid, &entry, base, space.count, &found) == 0, found != nil
      else { return nil }
      return (String(cString: entry.pw_name), String(cString: entry.pw_dir))
    }
  }

  /// The numbers alone, without asking the user database.
  static var processIdentity: Identity {
    Identity(uid: geteuid(), gid: getegid(), groups: [], name: "\(geteuid())", home: "/")
  }

  func walk(as identity: Identity) -> FolderWalk { FolderWalk(root: root, identity: identity) }
}

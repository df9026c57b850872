import Foundation
import Glibc
import PawlModel

/// Who is behind this process: what the kernel holds, and what the environment says of itself.
enum ActorProbe {
  static func actor(how: String) -> Actor {
    let environment = ProcessInfo.processInfo.environment
    return Actor(
      uid: getuid(), loginUID: loginUID(), sudoUID: environment["SUDO_UID"].flatMap { UInt32($0) },
      sshOrigin: environment["SSH_CONNECTION"]?.split(separator: " ").first.map(String.init),
      tty: terminalName(), how: how)
  }

  /// The person a plan is made for: behind `sudo` the one who typed it.
  static func asker() throws(PawlError) -> Identity {
    guard getuid() == 0, let uid = actor(how: "command").sudoUID, uid != 0 else {
      return try identity(uid: getuid())
    }
    return try identity(uid: uid)
  }

  /// Who builds when nobody but root asked: an account that owns nothing.
  static func builder(for asker: Identity) throws(PawlError) -> Identity {
    asker.isRoot ? try identity(uid: 65534) : asker
  }

  static func identity(uid: UInt32) throws(PawlError) -> Identity {
    guard let entry = getpwuid(uid)?.pointee else {
      return Identity(uid: uid, gid: uid, groups: [], name: "uid-\(uid)", home: "/nonexistent")
    }
    let name = String(cString: entry.pw_name)
    let home = String(cString: entry.pw_dir)
    return Identity(
      uid: uid, gid: entry.pw_gid, groups: groups(of: name, gid: entry.pw_gid), name: name,
      home: home)
  }

  private static func groups(of name: String, gid: UInt32) -> [UInt32] {
    var count: Int32 = 256
    var groups = [gid_t](repeating: 0, count: Int(count))
    guard getgrouplist(name, gid, &groups, &count) >= 0 else { return [gid] }
    return Array(groups.prefix(Int(count)))
  }

  private static func loginUID() -> UInt32? {
    guard let text = try? String(contentsOfFile: "/proc/self/loginuid", encoding: .utf8),
      let uid = UInt32(text.trimmingCharacters(in: .whitespacesAndNewlines)), uid != UInt32.max
    else { return nil }
    return uid
  }

  private static func terminalName() -> String? {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      if let name = ttyname(descriptor) { return String(cString: name) }
    }
    return nil
  }
}

import Testing

/// Runs programs among mounts of their own: what is mounted there is nobody else's to see.
enum Mounting {
  static let isPossible: Bool = {
    guard Pawl.isRoot, let sandbox = try? Sandbox() else { return false }
    return (try? run(["/bin/true"], over: sandbox.root, in: sandbox))?.status == 0
  }()

  /// With another, empty file system over the folder.
  static func run(_ argv: [String], over folder: String, in sandbox: Sandbox) throws -> Answer {
    let script = "mount -t tmpfs none \"$0\" && exec \"$@\""
    return try sandbox.run(["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, folder] + argv)
  }
}

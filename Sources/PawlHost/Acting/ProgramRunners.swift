/// Programs that run, or load as code, what their arguments name: to trust them alone says nothing
/// about what root will run.
enum ProgramRunners {
  /// Which arguments are run.
  enum Reach {
    case every
    /// All that follow one of these.
    case after(Set<String>)
    /// The value of each of these options.
    case values(Set<String>)
  }

  static func reach(of name: String) -> Reach? {
    if leadsOn(name) || installers.contains(name) { return .every }
    return limited[name]
  }

  /// An interpreter or a wrapper: what it runs is named before the arguments of that.
  static func leadsOn(_ name: String) -> Bool {
    interpreters.contains(name) || interpreters.contains(unversioned(name)) || isWrapper(name)
  }

  static func isWrapper(_ name: String) -> Bool { wrappers.contains(name) || isLoader(name) }

  /// Each runs whatever a tree's own files say.
  static func isMake(_ name: String) -> Bool { ["make", "gmake", "bmake"].contains(name) }

  /// Its first argument is the program that it is.
  static func isMultiCall(_ name: String) -> Bool { ["busybox", "toybox"].contains(name) }

  /// Behind these stands code itself, or a module's name; no script is named any more.
  static let codeOptions: Set<String> = ["-c", "-e", "-E", "-m"]

  /// By these any program loads code.
  static let variables: Set<String> = [
    "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "BASH_ENV", "ENV", "PYTHONPATH",
    "PYTHONHOME", "PERL5LIB", "PERL5OPT", "RUBYLIB", "RUBYOPT", "NODE_PATH", "NODE_OPTIONS",
    "LUA_PATH", "LUA_CPATH",
  ]

  /// The last part of a path.
  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static let interpreters: Set<String> = [
    "sh", "bash", "rbash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "python",
    "pypy", "perl", "ruby", "node", "nodejs", "deno", "lua", "luajit", "php", "tclsh", "wish",
    "expect", "guile", "java", "gdb", "cmake", "ninja", "meson", "scons",
  ]

  private static let wrappers: Set<String> = [
    "env", "nice", "ionice", "chrt", "taskset", "numactl", "prlimit", "setsid", "setpriv",
    "timeout", "time", "nohup", "stdbuf", "unbuffer", "script", "watch", "xargs", "parallel",
    "flock", "chroot", "unshare", "nsenter", "runuser", "su", "sudo", "doas", "pkexec",
    "systemd-run", "systemd-inhibit", "start-stop-daemon", "run-parts", "strace", "ltrace", "perf",
  ]

  /// A package has scripts; a module and a kernel are code.
  private static let installers: Set<String> = [
    "dpkg", "apt", "apt-get", "rpm", "dnf", "yum", "zypper", "pacman", "apk", "insmod", "kexec",
  ]

  private static let limited: [String: Reach] = {
    let awk = Reach.values(["-f", "--file", "-i", "--include", "-l", "--load", "-E", "--exec"])
    return [
      "find": .after(["-exec", "-execdir", "-ok", "-okdir"]), "sed": .values(["-f", "--file"]),
      "awk": awk, "gawk": awk, "mawk": awk, "nawk": awk, "original-awk": awk,
    ]
  }()

  /// `python3.11` is `python`, `perl5.36.0` is `perl`.
  private static func unversioned(_ name: String) -> String {
    let end = name.lastIndex { !$0.isNumber && $0 != "." && $0 != "-" }
    return end.map { String(name[...$0]) } ?? name
  }

  /// The dynamic loader, by whichever name.
  private static func isLoader(_ name: String) -> Bool {
    name.hasPrefix("ld-linux") || name.hasPrefix("ld-musl") || name.hasPrefix("ld.so")
  }
}

/// The boot hook as services of OpenRC. They need nothing, since one of them that needed what is not
/// there would not be started: every system has other names. What takes long goes to the background by the shell itself:
/// Debian's start-stop-daemon(8) starts no second process of one program.
struct OpenRCServices {
  let program: String
  let journal: String
  /// Debian's OpenRC has no services of its own for the root and for modules, but the scripts of
  /// sysvinit, all of them in the first runlevel.
  let hasDebianScripts: Bool

  var files: [HookFile] {
    [
      service(
        "pawl-boot", "Pawl: before modules are loaded",
        in: hasDebianScripts ? "sysinit" : "boot",
        order: ["after root checkroot checkroot.sh", "before modules kmod"],
        start: """
          grep -qw pawl.resume=no /proc/cmdline && return 0
          grep -q pawl.trial= /proc/cmdline && pawl_background deadline
          [ -e \(ModuleWatch.path) ] && pawl_run modules
          return 0
          """),
      service(
        "pawl", "Pawl: recognise this boot, and go on with open plans", in: "default",
        order: ["after localmount mountall mountall.sh bootmisc bootmisc.sh net networking"],
        start: """
          [ -e \(mark) ] || grep -q pawl.trial= /proc/cmdline || return 0
          if [ ! -x \(program) ]; then
            \(words.joined(separator: "\n    "))
            return 0
          fi
          pawl_run early
          grep -qw pawl.resume=no /proc/cmdline && return 0
          pawl_background verify
          pawl_background resume
          return 0
          """),
      service(
        "pawl-booted", "Pawl: remember that this boot came to its end", in: "default",
        order: ["after *"],
        start: """
          [ -e \(ModuleWatch.path) ] && pawl_run booted
          return 0
          """),
    ]
  }

  private var mark: String { OpenPlansMark.path(journalPath: journal) }

  private var words: [String] {
    MissingProgram.commands.map { $0.joined(separator: " ") + " || true" }
  }

  private func service(
    _ name: String, _ description: String, in level: String, order: [String], start: String
  ) -> HookFile {
    let lines = start.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return HookFile(
      path: "/etc/init.d/\(name)",
      content: """
        #!/sbin/openrc-run
        # Made by `pawl boot-hook install`.
        description="\(description)"

        depend() {
        \(order.map { "  \($0)" }.joined(separator: "\n"))
        }

        pawl_run() {
          \(program) boot-hook run "$1" --journal \(journal) || true
        }

        pawl_background() {
          setsid \(program) boot-hook run "$1" --journal \(journal) \\
            </dev/null >/dev/null 2>&1 &
        }

        start() {
        \(lines)
        }

        """,
      mode: 0o755, links: ["/etc/runlevels/\(level)/\(name)"])
  }
}

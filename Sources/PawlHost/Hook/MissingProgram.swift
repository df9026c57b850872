/// What tells whoever logs in that the hook's own program is not there, or cannot be run: with a plan open, or in
/// a trial, nobody else could. It is shown from the disk that /etc is on, by programs that every host has.
struct MissingProgram {
  let program: String
  let mark: String

  static let textPath = "/etc/pawl/missing-program"

  var text: HookFile {
    HookFile(
      path: Self.textPath,
      content: """
        Pawl could not look after its plans in this boot: \(program) is not there, or cannot be run.
          The host started as usual; no step of a plan was begun or taken back. A kernel on trial is
          not proven. A restart brings the old kernel back; under WSL nothing does but go-back.cmd,
          which lies beside that kernel in Windows.
          Next: put \(program) back (is its file system mounted?), then: pawl status

        """,
      mode: 0o644, links: [])
  }

  /// Both places that `LoginMessage` writes to.
  static var commands: [[String]] {
    let places = [LoginMessage.path, LoginMessage.consolePath]
    return [["/bin/mkdir", "-p"] + places.map(BootFiles.folder)]
      + places.map { ["/bin/cp", textPath, $0] }
  }

  /// For systemd: skipped where the program can be run, and where no plan is open.
  var unit: HookFile {
    let path = "/etc/systemd/system/pawl-missing.service"
    let acts = Self.commands.map { "ExecStart=-" + $0.joined(separator: " ") }
    return HookFile(
      path: path,
      content: """
        # Made by `pawl boot-hook install`.
        [Unit]
        Description=Pawl: say that its program is not there
        DefaultDependencies=no
        After=local-fs.target
        Before=shutdown.target
        Conflicts=shutdown.target
        ConditionPathExists=|\(mark)
        ConditionKernelCommandLine=|pawl.trial
        ConditionFileIsExecutable=!\(program)

        [Service]
        Type=oneshot
        \(acts.joined(separator: "\n"))

        [Install]
        WantedBy=sysinit.target

        """,
      mode: 0o644, links: ["/etc/systemd/system/sysinit.target.wants/pawl-missing.service"])
  }
}

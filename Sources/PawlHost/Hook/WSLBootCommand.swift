import PawlModel

/// The boot hook where WSL runs without systemd: one command, which WSL runs as root at each start of the
/// distribution. (Microsoft: WSL/wsl-config.md, `[boot] command`; Windows 11 and Server 2022)
struct WSLBootCommand {
  let root: HostRoot
  let files: any HostFiles

  static let path = "/usr/local/lib/pawl/wsl-boot"

  /// Not every WSL is known to go on without waiting for it: what takes long goes to the background. WSL's
  /// init takes no bits from the modes of what is made below it. (microsoft/WSL: src/linux/init/config.cpp)
  static func script(program: String, journal: String) -> HookFile {
    HookFile(
      path: path,
      content: """
        #!/bin/sh
        # Made by `pawl boot-hook install`; WSL starts it, by [boot] command= of /etc/wsl.conf.
        umask 022
        read -r line </proc/cmdline
        case " $line " in
          *" pawl.trial="*) trial=yes ;;
          *) [ -e \(OpenPlansMark.path(journalPath: journal)) ] || exit 0 ;;
        esac

        if [ ! -x \(program) ]; then
        \(MissingProgram.commands.map { "  " + $0.joined(separator: " ") }.joined(separator: "\n"))
          exit 0
        fi

        background() {
          setsid \(program) boot-hook run "$1" --journal \(journal) </dev/null >/dev/null 2>&1 &
        }

        \(program) boot-hook run early --journal \(journal)
        case " $line " in *" pawl.resume=no "*) exit 0 ;; esac
        [ -n "$trial" ] && background deadline
        background verify
        background resume
        exit 0

        """,
      mode: 0o755, links: [])
  }

  /// A sentence; nil where WSL starts the script.
  var fault: String? {
    do {
      let present = try settings().value(of: "command", in: "boot")
      return Self.starts(present)
        ? nil : "\(WindowsSide.settingsPath) does not start \(Self.path) at boot."
    } catch { return error.message }
  }

  /// WSL gives the line to `sh -c`: somebody's own command may stand before it.
  private static func starts(_ line: String?) -> Bool {
    (line ?? "").split { $0.isWhitespace || ";&".contains($0) }.contains { $0 == path }
  }

  /// Throws `refused` where a command of somebody's own stands there alone.
  func requireFree() throws {
    let present = try settings().value(of: "command", in: "boot") ?? ""
    guard !present.isEmpty, !Self.starts(present) else { return }
    throw PawlError(
      .refused,
      "\(WindowsSide.settingsPath) has a command of its own for each start: "
        + "\(HostText.line(present)).",
      hint:
        "WSL runs one line only, by a shell. Write ; \(Self.path) behind what stands there, or have "
        + "systemd start services: systemd=true below [boot]. Then run pawl boot-hook install again."
    )
  }

  /// Throws as `requireFree` does.
  func set() throws {
    try requireFree()
    var settings = try settings()
    if Self.starts(try settings.value(of: "command", in: "boot")) { return }
    try settings.set("command", to: Self.path, in: "boot")
    try write(settings)
  }

  func unset() throws {
    var settings = try settings()
    guard try settings.value(of: "command", in: "boot") == Self.path else { return }
    try settings.remove("command", in: "boot")
    guard settings.bytes == Array("[boot]\n".utf8) else { return try write(settings) }
    // Nothing but what `set` made: the file was not there before it.
    let place = root.path(WindowsSide.settingsPath)
    try files.remove(at: place, expecting: try files.state(at: place), as: LiveHost.ownIdentity())
  }

  private func settings() throws(PawlError) -> SettingsFile {
    switch root.read(WindowsSide.settingsPath, limit: 1 << 20) {
    case .absent: try SettingsFile(bytes: [], standardLineEnd: "\n")
    case .present(let bytes): try SettingsFile(bytes: bytes, standardLineEnd: "\n")
    case .unreadable(let reason):
      throw PawlError(.noInput, "\(WindowsSide.settingsPath) cannot be read: \(reason).")
    }
  }

  private func write(_ settings: SettingsFile) throws {
    let place = root.path(WindowsSide.settingsPath)
    _ = try files.publish(
      at: place, metadata: nil, mode: nil, replacing: try files.state(at: place),
      as: LiveHost.ownIdentity()
    ) { try $0(settings.bytes) }
  }
}

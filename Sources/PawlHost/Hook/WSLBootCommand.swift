import Foundation
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

  /// wsl.conf as it was before the line came into it; there only while it may be wanted back.
  static let former = "/usr/local/lib/pawl/wsl.conf-before"

  /// Throws as `requireFree` does.
  func set() throws {
    try requireFree()
    var settings = try settings()
    if Self.starts(try settings.value(of: "command", in: "boot")) { return }
    if root.exists(WindowsSide.settingsPath) { try write(settings.bytes, to: Self.former) }
    try settings.set("command", to: Self.path, in: "boot")
    try write(settings.bytes, to: WindowsSide.settingsPath)
  }

  /// Byte for byte what was there before, where nobody changed anything since; else without the line.
  func unset() throws {
    var settings = try settings()
    guard try settings.value(of: "command", in: "boot") == Self.path else { return }
    let before = root.read(Self.former, limit: 1 << 20).value
    if try settings.bytes == Self.withLine(before ?? []) {
      if let before {
        try write(before, to: WindowsSide.settingsPath)
      } else {
        try remove(WindowsSide.settingsPath)
      }
    } else {
      try settings.remove("command", in: "boot")
      try write(settings.bytes, to: WindowsSide.settingsPath)
    }
    try remove(Self.former)
  }

  private static func withLine(_ bytes: [UInt8]) throws -> [UInt8] {
    var settings = try SettingsFile(bytes: bytes, standardLineEnd: "\n")
    try settings.set("command", to: path, in: "boot")
    return settings.bytes
  }

  private func settings() throws(PawlError) -> SettingsFile {
    switch root.read(WindowsSide.settingsPath, limit: 1 << 20) {
    case .absent: try SettingsFile(bytes: [], standardLineEnd: "\n")
    case .present(let bytes): try SettingsFile(bytes: bytes, standardLineEnd: "\n")
    case .unreadable(let reason):
      throw PawlError(.noInput, "\(WindowsSide.settingsPath) cannot be read: \(reason).")
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let place = root.path(path)
    try files.makeFolder(
      at: (place as NSString).deletingLastPathComponent, mode: 0o755, as: LiveHost.ownIdentity())
    _ = try files.publish(
      at: place, metadata: nil, mode: nil, replacing: try files.state(at: place),
      as: LiveHost.ownIdentity()
    ) { try $0(bytes) }
  }

  private func remove(_ path: String) throws {
    let place = root.path(path)
    let present = try files.state(at: place)
    guard present != .absent else { return }
    try files.remove(at: place, expecting: present, as: LiveHost.ownIdentity())
  }
}

import PawlModel

/// The boot system that starts the hook.
public enum InitSystem: String, Sendable, Hashable, CaseIterable {
  case systemd
  case openrc = "OpenRC"
  /// `[boot] command=` of `/etc/wsl.conf`, where nothing else starts services.
  case wsl = "WSL"
}

/// One file of the boot hook, and the links that make the boot system start it.
public struct HookFile: Sendable, Hashable {
  public var path: String
  public var content: String
  public var mode: UInt32
  /// Links to the file.
  public var links: [String]
}

/// A link of the boot hook's own to something that is there only now and then.
public struct HookLink: Sendable, Hashable {
  public var path: String
  public var target: String
}

/// The texts of the boot hook. Every one of them is skipped, with no process started, where no
/// plan is open. A kernel on trial says that one is: the disk with the journal may not have come up.
/// Where `pawl.resume=no` stands on the kernel's command line, the first one says so, and the others
/// are skipped. None of them is required by anything: whatever becomes of them, the boot goes on.
public struct HookFiles {
  public let program: String
  public let journal: String

  public init(program: String, journal: String) {
    self.program = program
    self.journal = journal
  }

  /// - Parameter hasDebianScripts: OpenRC with the scripts of Debian's sysvinit.
  public func files(for system: InitSystem, hasDebianScripts: Bool = false) -> [HookFile] {
    switch system {
    case .systemd: [modules, early, deadline, verify, resume, booted]
    case .openrc:
      OpenRCServices(
        program: program, journal: journal, hasDebianScripts: hasDebianScripts
      ).files
    case .wsl: [WSLBootCommand.script(program: program, journal: journal)]
    }
  }

  /// What speaks for the hook where its program cannot.
  public func withoutProgram(for system: InitSystem) -> [HookFile] {
    let missing = MissingProgram(program: program, mark: mark)
    return switch system {
    case .systemd: [missing.text, missing.unit]
    case .openrc, .wsl: [missing.text]
    }
  }

  /// For the package managers whose folders exist.
  public func packageHooks(existing: (String) -> Bool) -> [HookFile] {
    PackageHooks(program: program, journal: journal).known.filter { existing($0.folder) }
      .map(\.file)
  }

  /// agetty(8) shows what stands in `/etc/issue.d`, and nothing of a link that leads nowhere.
  public static let links = [
    HookLink(path: "/etc/issue.d/pawl.issue", target: LoginMessage.consolePath)
  ]

  private var mark: String { OpenPlansMark.path(journalPath: journal) }

  // MARK: - systemd

  /// Before modules are loaded, and before any disk but the root's: is there a module that the last
  /// boot did not survive?
  private var modules: HookFile {
    unit(
      "pawl-modules", "Pawl: leave out a module that a boot did not survive", phase: "modules",
      order: """
        DefaultDependencies=no
        RequiresMountsFor=\(program)
        After=systemd-remount-fs.service
        Before=systemd-modules-load.service sysinit.target shutdown.target
        Conflicts=shutdown.target
        ConditionPathExists=\(ModuleWatch.path)
        \(obeysPerson)
        """,
      service: "Type=oneshot\nTimeoutStartSec=30", wantedBy: "sysinit.target")
  }

  /// The boot has come to its end.
  private var booted: HookFile {
    unit(
      "pawl-booted", "Pawl: remember that this boot came to its end", phase: "booted",
      order: """
        After=multi-user.target
        ConditionPathExists=\(ModuleWatch.path)
        """,
      service: "Type=oneshot", wantedBy: "default.target")
  }

  /// Before services come up: which boot is this, and is a trial still set that was not used? It is
  /// started with `pawl.resume=no` too, to say that nothing is done.
  private var early: HookFile {
    unit(
      "pawl-early", "Pawl: recognise this boot", phase: "early",
      order: """
        DefaultDependencies=no
        After=local-fs.target \(mounts)
        Before=sysinit.target shutdown.target
        Conflicts=shutdown.target
        ConditionPathExists=|\(mark)
        ConditionKernelCommandLine=|pawl.trial
        """,
      service: "Type=oneshot\nTimeoutStartSec=60", wantedBy: "sysinit.target")
  }

  /// Only in a trial: restarts a host that has not proved itself in time, whatever else hangs. It
  /// waits for nothing but its own program: a file system that never comes up is a failed trial too.
  private var deadline: HookFile {
    unit(
      "pawl-deadline", "Pawl: restart a kernel that does not prove itself", phase: "deadline",
      order: """
        DefaultDependencies=no
        RequiresMountsFor=\(program)
        Conflicts=shutdown.target
        Before=shutdown.target
        ConditionKernelCommandLine=pawl.trial
        \(obeysPerson)
        """,
      service: "Type=exec\nOOMScoreAdjust=-1000\nNice=-20", wantedBy: "sysinit.target")
  }

  /// After what other health checks of the host, ordered before `boot-complete.target`
  /// (systemd.special(7)), have said: one that fails is a unit that failed. Some of them wait for the
  /// default target; with default dependencies that one would wait for this unit, a cycle that systemd
  /// breaks by leaving one of them out.
  private var verify: HookFile {
    unit(
      "pawl-verify", "Pawl: see whether the new kernel is well", phase: "verify",
      order: """
        DefaultDependencies=no
        Wants=boot-complete.target
        After=basic.target network.target boot-complete.target \(mounts)
        Conflicts=shutdown.target
        Before=shutdown.target
        ConditionKernelCommandLine=pawl.trial
        \(obeysPerson)
        """,
      service: "Type=exec", wantedBy: "multi-user.target")
  }

  /// Apart, so that a long build never delays a boot.
  private var resume: HookFile {
    unit(
      "pawl-resume", "Pawl: go on with open plans", phase: "resume",
      order: """
        After=multi-user.target pawl-verify.service \(mounts)
        ConditionPathExists=\(mark)
        \(obeysPerson)
        """,
      service: "Type=exec\nNice=10\nTimeoutStopSec=30\nKillMode=process", wantedBy: "default.target"
    )
  }

  private let obeysPerson = "ConditionKernelCommandLine=!pawl.resume=no"

  /// The mounts that the journal may lie on, also those that no boot waits for. Only an order: one
  /// that does not come up must not keep the hook from saying so.
  private var mounts: String {
    let folders = journal.split(separator: "/").dropLast()
    return folders.indices.map { Self.mountUnit(of: folders[...$0]) }.joined(separator: " ")
  }

  /// As `systemd-escape --path` writes it.
  private static func mountUnit(of folders: ArraySlice<Substring>) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_./".utf8)
    let path = folders.joined(separator: "/").utf8
    return path.enumerated().map { place, byte in
      if byte == UInt8(ascii: "/") { return "-" }
      let isHidden = byte == UInt8(ascii: ".") && place == 0
      if plain.contains(byte), !isHidden { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16)
      return "\\x" + (digits.count < 2 ? "0" : "") + digits
    }.joined() + ".mount"
  }

  private func unit(
    _ name: String, _ description: String, phase: String, order: String, service: String,
    wantedBy: String
  ) -> HookFile {
    let folder = "/etc/systemd/system"
    return HookFile(
      path: "\(folder)/\(name).service",
      content: """
        # Made by `pawl boot-hook install`.
        [Unit]
        Description=\(description)
        \(order)

        [Service]
        \(service)
        ExecStart=-\(program) boot-hook run \(phase) --journal \(journal)

        [Install]
        WantedBy=\(wantedBy)

        """,
      mode: 0o644, links: ["\(folder)/\(wantedBy).wants/\(name).service"])
  }
}

import PawlModel

/// The boot system that starts the hook.
public enum InitSystem: String, Sendable, Hashable, CaseIterable {
  case systemd
  case openrc = "OpenRC"
}

/// One file of the boot hook, and the links that make the boot system start it.
public struct HookFile: Sendable, Hashable {
  public var path: String
  public var content: String
  public var mode: UInt32
  /// Links to the file.
  public var links: [String]
}

/// The texts of the boot hook. Every one of them is skipped, with no process started, where no
/// plan is open, and where `pawl.resume=no` stands on the kernel's command line. None of them is
/// required by anything: whatever becomes of them, the boot goes on.
public struct HookFiles {
  public let program: String
  public let journal: String

  public init(program: String, journal: String) {
    self.program = program
    self.journal = journal
  }

  public func files(for system: InitSystem) -> [HookFile] {
    switch system {
    case .systemd: [early, deadline, verify, resume]
    case .openrc: [service]
    }
  }

  private var mark: String { OpenPlansMark.path(journalPath: journal) }

  // MARK: - systemd

  /// Before services come up: which boot is this, and is a trial still set that was not used?
  private var early: HookFile {
    unit(
      "pawl-early", "Pawl: recognise this boot", phase: "early",
      order: """
        DefaultDependencies=no
        After=local-fs.target
        Before=sysinit.target shutdown.target
        Conflicts=shutdown.target
        """,
      service: "Type=oneshot\nTimeoutStartSec=60", wantedBy: "sysinit.target")
  }

  /// Only in a trial: restarts a host that has not proved itself in time, whatever else hangs.
  private var deadline: HookFile {
    unit(
      "pawl-deadline", "Pawl: restart a kernel that does not prove itself", phase: "deadline",
      order: """
        DefaultDependencies=no
        After=local-fs.target
        Conflicts=shutdown.target
        Before=shutdown.target
        ConditionKernelCommandLine=pawl.trial
        """,
      service: "Type=exec\nOOMScoreAdjust=-1000", wantedBy: "sysinit.target")
  }

  private var verify: HookFile {
    unit(
      "pawl-verify", "Pawl: see whether the new kernel is well", phase: "verify",
      order: "After=basic.target network.target\nConditionKernelCommandLine=pawl.trial",
      service: "Type=exec", wantedBy: "multi-user.target")
  }

  /// Apart, so that a long build never delays a boot.
  private var resume: HookFile {
    unit(
      "pawl-resume", "Pawl: go on with open plans", phase: "resume",
      order: "After=multi-user.target pawl-verify.service",
      service: "Type=exec\nNice=10\nTimeoutStopSec=30\nKillMode=process", wantedBy: "default.target"
    )
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
        ConditionPathExists=\(mark)
        ConditionKernelCommandLine=!pawl.resume=no

        [Service]
        \(service)
        ExecStart=-\(program) boot-hook run \(phase) --journal \(journal)

        [Install]
        WantedBy=\(wantedBy)

        """,
      mode: 0o644, links: ["\(folder)/\(wantedBy).wants/\(name).service"])
  }

  // MARK: - OpenRC

  private var service: HookFile {
    HookFile(
      path: "/etc/init.d/pawl",
      content: """
        #!/sbin/openrc-run
        # Made by `pawl boot-hook install`.
        description="Pawl: recognise this boot, and go on with open plans"

        depend() {
          need localmount
          after bootmisc net
        }

        start() {
          [ -e \(mark) ] || return 0
          grep -qw pawl.resume=no /proc/cmdline && return 0
          \(program) boot-hook run early --journal \(journal) || true
          for phase in deadline verify resume; do
            start-stop-daemon --start --background --exec \(program) -- \\
              boot-hook run $phase --journal \(journal) || true
          done
          return 0
        }

        """,
      mode: 0o755, links: ["/etc/runlevels/default/pawl"])
  }
}

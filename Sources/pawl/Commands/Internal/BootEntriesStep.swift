import ArgumentParser
import PawlHost
import PawlModel

/// The boot menu of the host that runs, a change at a time.
struct BootEntriesStep: ParsableCommand {
  enum Change: String, ExpressibleByArgument, CaseIterable {
    /// The running kernel becomes the default, as a copy of Pawl's own.
    case pin
    /// The new kernel can be started once.
    case trial
    /// The new kernel becomes the default.
    case promote
    /// The menu becomes what `entries.json` says.
    case apply
  }

  static let configuration = CommandConfiguration(commandName: "boot-entries")
  @Argument var change: Change
  @Flag var check = false
  @Option var release: String
  @Option var token = ""
  @Option(help: "Tried in place of the one that the kernel's own entry names.")
  var initramfs: String?
  /// `no`: the plan said that the running kernel is not proven to boot again.
  @Option var proven = "yes"

  func run() throws {
    let host = LiveHost()
    let loader = try BootLoaders.require(root: .live, files: host)
    let menu = MenuChange(
      root: .live, loader: loader, files: host, facts: host, tool: InternalCommand.tool(host))
    if check {
      guard try isDone(menu) else { throw ExitCode(1) }
    } else {
      try act(menu, host)
    }
  }

  private func act(_ menu: MenuChange, _ host: LiveHost) throws {
    switch change {
    case .pin: try menu.pin(try running(host), isProven: proven != "no")
    case .trial: try menu.addTrial(of: release, token: token, initramfs: initramfs)
    case .promote: try menu.promote(release)
    case .apply: try menu.apply(without: release.isEmpty ? nil : release)
    }
  }

  /// The plan was made, and approved, for the kernel that ran then.
  private func running(_ host: LiveHost) throws -> BootIdentity {
    let running = try host.bootIdentity()
    guard running.release == release else {
      throw PawlError(
        .refused, "The plan keeps \(release) as the way back, but \(running.release) runs now.",
        hint: "Restart into \(release), or plan again.")
    }
    return running
  }

  private func isDone(_ menu: MenuChange) throws -> Bool {
    switch change {
    case .pin: try menu.isPinned(release)
    case .trial: try menu.hasTrial(of: release, token: token)
    case .promote: try menu.isPromoted(release)
    case .apply: false
    }
  }
}

import ArgumentParser
import Foundation
import Glibc
import PawlHost
import PawlModel

/// What carries plans over a restart: started by the boot system, and only while a plan is open.
struct BootHookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boot-hook", abstract: "Go on with open plans after a restart.",
    subcommands: [Install.self, Remove.self, Status.self, Run.self])

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "install", abstract: "Have the boot system look after open plans.")
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let place = try HookPlace(options)
      try place.requireTrusted()
      try place.hook.install()
      try place.reload()
      print("The boot hook is installed for \(place.hook.system.rawValue).")
      print("It starts no process unless a plan is open; pawl.resume=no at boot stops it.")
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Take the boot hook away.")
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let place = try HookPlace(options)
      try place.hook.remove()
      try place.reload()
      print("The boot hook is removed. Open plans wait for `pawl resume` after a restart.")
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Whether the boot hook is in place.")
    @OptionGroup var format: JSONOption
    @OptionGroup var options: GlobalOptions

    func run() throws {
      let place = try HookPlace(options)
      try Output.answer(
        HookAnswer(system: place.hook.system, standing: try place.hook.standing()),
        json: format.json)
    }
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "What the boot system calls; not for people.",
      shouldDisplay: false)
    @Argument var phase: HookRun.Phase
    @OptionGroup var options: GlobalOptions

    /// Whatever goes wrong here, the boot goes on: it is told, and that is all.
    func run() {
      LiveHost.prepareProcess()
      HookRun(options: options).perform(phase)
    }
  }
}

extension HookRun.Phase: ExpressibleByArgument {}

/// Where the hook belongs on this host.
struct HookPlace {
  let hook: BootHook
  private let root: String
  private let program: String

  init(_ options: GlobalOptions) throws {
    root = options.rootPath
    program = RunnerProcess.ownPath
    guard let system = BootHook.initSystem(root: root) else {
      throw PawlError(
        .refused, "Neither systemd nor OpenRC starts \(root == "/" ? "this host" : root).",
        hint: "After a restart, run `pawl resume` yourself.")
    }
    hook = BootHook(
      root: root, system: system,
      texts: HookFiles(program: program, journal: options.journalPath), files: LiveHost())
  }

  /// The boot system runs as root what stands there.
  func requireTrusted() throws {
    guard root == "/" else { return }
    guard geteuid() == 0 else {
      throw PawlError(
        .notAllowed, "Only root installs what the boot system runs.",
        hint: "sudo pawl boot-hook install")
    }
    guard let other = LiveHost.writerBesidesRoot(of: program) else { return }
    throw PawlError(
      .refused, "\(program) can be written by \(other), and the boot hook would run it as root.",
      hint: "Install it where only root writes: make install")
  }

  func reload() throws {
    guard root == "/", hook.system == .systemd else { return }
    try InternalCommand.tool(LiveHost()).run(["systemctl", "daemon-reload"])
  }
}

struct HookAnswer: Answer {
  static let schema = "pawl.boot-hook/1"

  var system: String
  var installed: Bool
  var faults: [String]

  init(system: InitSystem, standing: BootHook.Standing) {
    self.system = system.rawValue
    switch standing {
    case .installed: (installed, faults) = (true, [])
    case .missing: (installed, faults) = (false, [])
    case .incomplete(let found): (installed, faults) = (false, found)
    }
  }

  var text: String {
    if installed { return "The boot hook is installed for \(system)." }
    let state = faults.isEmpty ? "The boot hook is not installed." : "The boot hook is damaged."
    return ([state] + faults.map { "  \($0)" } + ["Next: pawl boot-hook install"])
      .joined(separator: "\n")
  }
}

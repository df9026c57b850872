import Glibc
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// Tells people what the boot hook does and where their plans stand: at their login, at the console,
/// and on standard error, which the boot system keeps.
final class HookNotice {
  private let message: LoginMessage
  private let here: BootIdentity?
  private let root: HostRoot
  private let moduleWatch: ModuleWatch
  private var told: [String]?

  init(_ options: GlobalOptions, here: BootIdentity?) {
    root = HostRoot(path: options.rootPath)
    moduleWatch = ModuleWatch(root: root, files: LiveHost(), identity: LiveHost.ownIdentity())
    message = LoginMessage(root: root, files: LiveHost(), identity: LiveHost.ownIdentity())
    self.here = here
  }

  func tell(_ lines: [String]) {
    let lines = modulesAside + lines
    guard lines != told else { return }
    told = lines
    lines.map(StepWording.printable).forEach { Output.progress("pawl: \($0)") }
    let outcome = lines.isEmpty ? message.remove() : message.show(lines)
    guard case .failed(let why) = outcome else { return }
    Output.progress("pawl: people who log in are not told of this: \(why)")
  }

  /// Where the plans stand; `troubles` come first. `isAtWork`: as of `LoginText`.
  func tell(of session: Session, troubles: [String] = [], isAtWork: Bool = true) {
    do {
      let plans = try session.openPlans() + session.plansSettledNow()
      let text = LoginText(
        plans: plans, here: here, now: session.host.now(),
        outlook: TrialOutlook(host: session.host), isAtWork: isAtWork)
      tell(troubles + text.lines)
    } catch {
      tell(troubles + LoginText.trouble(PawlError.of(error), here: here))
    }
  }

  /// What a boot that did not survive a module has to say, for as long as this boot lasts.
  private var modulesAside: [String] {
    let told = moduleWatch.told
    guard !told.isEmpty else { return [] }
    return told.map { "Pawl: \($0)" } + [
      "  To go back for good: pawl rollback N, with the plan from `pawl history`. To try it once more:",
      "  mv it back to its name.",
    ]
  }

  /// After a runner's work in this boot: what is told already has changed, or the next restart,
  /// whoever asks for it, is going to be a trial.
  static func renew(_ session: Session) {
    guard geteuid() == 0, session.options.rootPath == "/" else { return }
    let notice = HookNotice(session.options, here: try? session.host.bootIdentity())
    let isArmed = (try? session.openPlans().flatMap(\.steps).contains(where: \.isOnTrial)) ?? false
    guard isArmed || notice.root.exists(LoginMessage.path) else { return }
    notice.tell(of: session)
  }
}

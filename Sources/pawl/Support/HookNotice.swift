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
  private var told: [String]?

  init(_ options: GlobalOptions, here: BootIdentity?) {
    root = HostRoot(path: options.rootPath)
    message = LoginMessage(root: root, files: LiveHost(), identity: LiveHost.ownIdentity())
    self.here = here
  }

  func tell(_ lines: [String]) {
    guard lines != told else { return }
    told = lines
    lines.map(StepWording.printable).forEach { Output.progress("pawl: \($0)") }
    let outcome = lines.isEmpty ? message.remove() : message.show(lines)
    guard case .failed(let why) = outcome else { return }
    Output.progress("pawl: people who log in are not told of this: \(why)")
  }

  /// Where the plans stand; `troubles` come first.
  func tell(of session: Session, troubles: [String] = []) {
    do {
      let plans = try session.openPlans() + session.plansSettledNow()
      tell(troubles + LoginText(plans: plans, here: here, now: session.host.now()).lines)
    } catch {
      tell(troubles + LoginText.trouble(PawlError.of(error), here: here))
    }
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

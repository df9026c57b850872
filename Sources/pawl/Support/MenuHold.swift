import Foundation
import PawlEngine
import PawlHost
import PawlModel

/// After a package manager's work, while a plan is open: the boot menu has what Pawl wants of it, or
/// has it again. A package run is never failed by this, and waits for a busy journal only as long as
/// the journal's own patience lasts.
struct MenuHold {
  let options: GlobalOptions
  let notice: HookNotice

  func act() {
    let host = LiveHost()
    guard options.rootPath == "/", let loader = BootLoaders.detect(root: .live, files: host) else {
      return
    }
    let menu = MenuChange(
      root: .live, loader: loader, files: host, facts: host, tool: InternalCommand.tool(host))
    do {
      guard let fault = try menu.hold() else { return }
      tell("A package run changed the boot menu, and Pawl made it right again. \(fault)")
    } catch {
      let error = PawlError.of(error)
      tell(
        "A package run changed the boot menu, and Pawl could not make it right: \(error.message) "
          + "The next restart may start another kernel than the one that is kept as the way back.",
        troubles: LoginText.trouble(error, here: try? host.bootIdentity()))
    }
  }

  /// Whoever ran the packages reads it, and so does who reads the plan's history. A runner that waits
  /// for a trial holds its lock all the while; a note needs none.
  private func tell(_ text: String, troubles: [String] = []) {
    Output.progress("pawl: \(StepWording.printable(text))")
    guard case .usable(let session) = HookJournal(options) else { return notice.tell(troubles) }
    for plan in (try? session.openPlans()) ?? [] where plan.hasTrial {
      let note = Entry(plan: plan.id, .note(Note(topic: "packages", text: text)))
      try? session.append([note], how: "boot-hook")
    }
    if !troubles.isEmpty { notice.tell(of: session, troubles: troubles) }
  }
}

extension PlanRecord {
  fileprivate var hasTrial: Bool {
    steps.contains { $0.frozen.action.trialTerms != nil }
  }
}

import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// What the boot hook does, a phase at a time. It never makes a journal, never waits for a person,
/// and never keeps a boot from going on: what it cannot do, it says.
struct HookRun {
  enum Phase: String, CaseIterable {
    case modules, early, deadline, verify, resume, booted
    /// Not at a boot: after a package manager's work.
    case packages
  }

  let options: GlobalOptions
  private let host = LiveHost()
  private let here: BootIdentity?
  private let notice: HookNotice

  init(options: GlobalOptions) {
    self.options = options
    here = try? LiveHost().bootIdentity()
    notice = HookNotice(options, here: here)
  }

  func perform(_ phase: Phase) {
    switch phase {
    case .modules, .booted: return watchModules(phase)
    case .early, .deadline, .verify, .resume, .packages: break
    }
    switch HookGate(here: here, isCrashKernel: host.isCrashKernel, markIsThere: mark.isThere) {
    case .closed: return
    case .forbidden: if phase == .early { sayNothingIsDone() }
    case .open:
      switch phase {
      case .modules, .booted: break
      case .packages: MenuHold(options: options, notice: notice).act()
      case .early: recogniseBoot()
      case .deadline: guardDeadline()
      case .verify, .resume: goOn()
      }
    }
  }

  private var mark: OpenPlansMark {
    OpenPlansMark(journalPath: options.journalPath, files: host)
  }

  /// Needs no journal and no open plan: the plan that had a module loaded is done by then.
  private func watchModules(_ phase: Phase) {
    guard let here, !host.isCrashKernel, !here.forbidsResume || phase == .booted else { return }
    let watch = ModuleWatch(
      root: HostRoot(path: options.rootPath), files: host, identity: LiveHost.ownIdentity())
    do {
      guard phase == .modules else { return try watch.completeBoot(here.bootID) }
      if try !watch.beginBoot(here.bootID).isEmpty { notice.tell([]) }
    } catch {
      notice.tell(LoginText.trouble(PawlError.of(error), here: here))
    }
  }

  // MARK: - Phases

  private func sayNothingIsDone() {
    let plans = try? HookJournal(options).session?.openPlans()
    notice.tell(LoginText.toldToWait(plans?.count ?? 0))
  }

  private func recogniseBoot() {
    let journal = HookJournal(options)
    let troubles = takeBackOneShots(journal)
    guard let session = journal.session else { return notice.tell(troubles) }
    notice.tell(of: session, troubles: troubles)
  }

  /// Only in a trial. The order to end comes as a signal that nobody else waits for.
  private func guardDeadline() {
    guard options.rootPath == "/", let here, here.isTrialBoot else { return }
    var order = sigset_t()
    sigemptyset(&order)
    sigaddset(&order, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &order, nil)
    let watch = TrialWatch(options, here: here)
    watch.start()
    ForcedRestart.keepInMemory()
    var deadline = DeadlineGuard(
      DeadlineGuard.Means(
        bootMillis: { host.now().bootMillis }, view: { watch.view },
        findWatchdog: { HardwareWatchdog.open(seconds: DeadlineGuard.watchdogSeconds) },
        restart: ForcedRestart.act,
        wait: { seconds in
          var time = timespec(tv_sec: seconds, tv_nsec: 0)
          return sigtimedwait(&order, nil, &time) != SIGTERM
        },
        say: { Output.progress("pawl: \($0)") }))
    deadline.run()
  }

  /// Trials are looked at until they are decided; what was under way goes on.
  private func goOn() {
    let journal = HookJournal(options)
    guard case .usable(let session) = journal else {
      let troubles = takeBackOneShots(journal)
      guard let session = journal.session else { return notice.tell(troubles) }
      return notice.tell(of: session, troubles: troubles)
    }
    // Whoever holds it, the other phase or a person's runner, looks after the plans.
    guard let lock = try? RunnerLock.acquire(journalPath: options.journalPath) else { return }
    defer { withExtendedLifetime(lock) {} }
    var troubles = takeBackOneShots(journal)
    for plan in (try? session.openPlans()) ?? [] {
      do {
        guard try goOn(with: plan, session, troubles) else { break }
      } catch {
        troubles += LoginText.stopped(plan.id, PawlError.of(error))
      }
    }
    notice.tell(of: session, troubles: troubles, isAtWork: troubles.isEmpty)
    if (try? session.openPlans().isEmpty) == true { mark.remove() }
  }

  /// False where the host is about to be restarted: nothing more is begun in this boot.
  private func goOn(
    with plan: PlanRecord, _ session: Session, _ troubles: [String]
  ) throws -> Bool {
    var context = try RunnerCommand.context(session)
    context.isUnattended = true
    context.isUnplannedBoot = plan.state == .running || plan.state == .rollingBack
    while true {
      do {
        let runner = try Runner(plan: plan.id, context: context)
        let record = try runner.run()
        notice.tell(of: session, troubles: troubles)
        if runner.isRestarting, record.goesDown {
          // The lock stays taken: nobody begins anything in a host that goes down.
          sleep(120)
          return false
        }
        guard record.state == .waiting(.trial) else { return true }
      } catch let error as PawlError where isPassing(error, plan.id, session) {
        notice.tell(of: session, troubles: troubles + LoginText.stopped(plan.id, error))
      }
      sleep(5)
    }
  }

  /// In a trial, space may come back before its deadline; who ends a trial that goes on without it
  /// is the guard.
  private func isPassing(_ error: PawlError, _ id: PlanID, _ session: Session) -> Bool {
    guard here?.isTrialBoot == true, error.code == .diskFull || error.code == .locked else {
      return false
    }
    return (try? session.plan(id).steps.contains(where: \.isOnTrial)) ?? false
  }

  // MARK: - Before anything else

  /// Returns what could not be done, in sentences. Of a journal that is not believed nothing else
  /// is ever acted on.
  private func takeBackOneShots(_ journal: HookJournal) -> [String] {
    let trouble = journal.trouble.map { LoginText.trouble($0, here: here) } ?? []
    guard options.rootPath == "/" else { return trouble }
    let memory = LoaderMemory(files: host, identity: LiveHost.ownIdentity())
    let recall = OneShotRecall(host: host, rememberStillSet: memory.rememberStillSet)
    guard let session = journal.session else { return trouble + recall.takeBackUnknown() }
    do {
      return trouble + recall.takeBack(of: try session.openPlans(), here: here?.bootID)
    } catch {
      return trouble + LoginText.trouble(PawlError.of(error), here: here)
        + recall.takeBackUnknown()
    }
  }
}

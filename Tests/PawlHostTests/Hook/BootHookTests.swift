import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

@Suite("The boot hook is in place whole, or says what is missing")
struct BootHookTests {
  private let root: String
  private let texts = HookFiles(
    program: "/usr/local/bin/pawl", journal: "/var/lib/pawl/journal.db")

  init() throws {
    root = NSTemporaryDirectory() + "pawl-hook-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  private func hook(_ system: InitSystem) -> BootHook {
    BootHook(root: root, system: system, texts: texts, files: LiveHost())
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: root + path, encoding: .utf8)
  }

  @Test("installed, it stands; removed, nothing of it is left", arguments: InitSystem.allCases)
  func comesAndGoes(_ system: InitSystem) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let hook = hook(system)
    #expect(try hook.standing() == .missing)
    try hook.install()
    try hook.install()
    #expect(try hook.standing() == .installed)
    try hook.remove()
    try hook.remove()
    #expect(try hook.standing() == .missing)
    let left = try #require(FileManager.default.enumerator(atPath: root)).compactMap {
      $0 as? String
    }
    var isFolder: ObjCBool = false
    for path in left {
      _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
      #expect(isFolder.boolValue, "\(path) is left")
    }
  }

  @Test("no process is started where no plan is open, and nothing of the boot requires one")
  func unitsStayOutOfTheWay() throws {
    let open = "ConditionPathExists=/var/lib/pawl/journal.db.open\n"
    for file in texts.files(for: .systemd) {
      // A kernel on trial is an open plan, also where the journal's disk did not come up.
      let isForTrials = file.content.contains("ConditionKernelCommandLine=pawl.trial\n")
      let isForEither =
        file.content.contains("ConditionPathExists=|/var/lib/pawl/journal.db.open\n")
        && file.content.contains("ConditionKernelCommandLine=|pawl.trial\n")
      let isForModules = file.content.contains("ConditionPathExists=\(ModuleWatch.path)\n")
      #expect(
        isForTrials || isForEither || isForModules || file.content.contains(open), "\(file.path)")
      #expect(file.content.contains("ExecStart=-/usr/local/bin/pawl boot-hook run "))
      #expect(!file.content.contains("RequiredBy"))
      #expect(file.links.allSatisfy { $0.contains(".wants/") })
    }
  }

  @Test("the services of OpenRC are scripts that a shell reads, and do nothing without a plan")
  func openRC() throws {
    for file in texts.files(for: .openrc) {
      let script = root + "-\(UUID().uuidString)"
      defer { unlink(script) }
      try file.content.write(toFile: script, atomically: true, encoding: .utf8)
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      // Sourced: what depend() declares is OpenRC's own; start() has to come back well.
      shell.arguments = ["-eu", "-c", ". \(script) && set +e && start"]
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0, "\(file.path)")
    }
  }

  @Test("a service of OpenRC needs none of another system's, and comes before modules are loaded")
  func runlevels() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    #expect(texts.files(for: .openrc).allSatisfy { !$0.content.contains("  need ") })
    func link(_ level: String) -> String { "/etc/runlevels/\(level)/pawl-boot" }
    #expect(texts.files(for: .openrc).flatMap(\.links).contains(link("boot")))
    let folder = root + "/etc/init.d"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "".write(toFile: folder + "/checkroot.sh", atomically: true, encoding: .utf8)
    try hook(.openrc).install()
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: root + link("sysinit"))
    #expect(target == "/etc/init.d/pawl-boot")
  }

  @Test(
    "a program that is not there is told by others, and only where it would have had work",
    arguments: InitSystem.allCases)
  func missingProgram(_ system: InitSystem) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try hook(system).install()
    #expect(try text("/etc/pawl/missing-program").contains("/usr/local/bin/pawl is not there"))
    let path =
      switch system {
      case .systemd: "/etc/systemd/system/pawl-missing.service"
      case .openrc: "/etc/init.d/pawl"
      case .wsl: "/usr/local/lib/pawl/wsl-boot"
      }
    let told = try text(path)
    for place in [LoginMessage.path, LoginMessage.consolePath] {
      #expect(told.contains("/bin/cp /etc/pawl/missing-program \(place)"))
    }
    guard system == .systemd else {
      #expect(told.contains("[ ! -x /usr/local/bin/pawl ]"))
      return
    }
    #expect(told.contains("ConditionFileIsExecutable=!/usr/local/bin/pawl\n"))
    #expect(told.contains("ConditionPathExists=|/var/lib/pawl/journal.db.open\n"))
    #expect(told.contains("ConditionKernelCommandLine=|pawl.trial\n"))
    #expect(!told.contains("RequiredBy") && !told.contains("ExecStart=/"))
  }

  @Test("dpkg calls the hook, by a line that starts nothing without an open plan")
  func packages() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let path = "/etc/dpkg/dpkg.cfg.d/pawl"
    try hook(.systemd).install()
    #expect(!FileManager.default.fileExists(atPath: root + path))
    try FileManager.default.createDirectory(
      atPath: root + "/etc/dpkg/dpkg.cfg.d", withIntermediateDirectories: true)
    guard case .incomplete(let faults) = try hook(.systemd).standing() else {
      Issue.record("it is not missed")
      return
    }
    #expect(faults == ["\(path) is missing."])
    try hook(.systemd).install()
    #expect(try hook(.systemd).standing() == .installed)

    let line = try #require(
      try text(path).split(separator: "\n").first { $0.hasPrefix("post-invoke=") })
    let mark = root + "/journal.db.open"
    let command = line.dropFirst("post-invoke=".count)
      .replacingOccurrences(of: "/var/lib/pawl/journal.db.open", with: mark)
      .replacingOccurrences(of: "/usr/local/bin/pawl", with: "exit 7; ")
    #expect(try status(of: command) == 0)
    try "".write(toFile: mark, atomically: true, encoding: .utf8)
    #expect(try status(of: command) == 7)
    #expect(try status(of: command.replacingOccurrences(of: "exit 7; ", with: "false")) == 0)
  }

  private func status(of command: String) throws -> Int32 {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", command]
    try shell.run()
    shell.waitUntilExit()
    return shell.terminationStatus
  }

  @Test("a journal whose name a shell would read otherwise is in no line of dpkg's")
  func oddNames() {
    let odd = HookFiles(program: "/usr/local/bin/pawl", journal: "/srv/my data/$(x).db")
    #expect(odd.packageHooks { _ in true }.isEmpty)
    #expect(texts.packageHooks { _ in true }.count == 1)
  }

  @Test("with pawl.resume=no only the phase that says so is started")
  func obeysThePerson() throws {
    let obeys = "ConditionKernelCommandLine=!pawl.resume=no\n"
    let asked = texts.files(for: .systemd).filter { !$0.content.contains(obeys) }
    #expect(
      asked.map(\.path).map { $0.split(separator: "/").last } == [
        "pawl-early.service", "pawl-booted.service",
      ])
  }

  @Test("the hook comes after the mounts of the journal without requiring one")
  func ordersMounts() throws {
    let texts = HookFiles(program: "/usr/bin/pawl", journal: "/srv/my-data/.p/j.db")
    let early = try #require(
      texts.files(for: .systemd).first { $0.path.contains("early") }
    ).content
    #expect(
      early.contains(
        #"After=local-fs.target srv.mount srv-my\x2ddata.mount srv-my\x2ddata-.p.mount"#))
    #expect(!early.contains("RequiresMountsFor"))
  }

  @Test("other health checks have their say before the verdict, and nothing waits in a circle")
  func heedsBootComplete() throws {
    let verify = try #require(
      texts.files(for: .systemd).first { $0.path.contains("verify") }
    ).content
    #expect(verify.contains("Wants=boot-complete.target\n"))
    #expect(verify.contains("After=basic.target network.target boot-complete.target "))
    // A check may wait for multi-user.target, which would wait for the verdict otherwise.
    #expect(verify.contains("DefaultDependencies=no\n"))
    #expect(verify.contains("Conflicts=shutdown.target\nBefore=shutdown.target\n"))
  }

  @Test("a message at the console that somebody else made stays theirs")
  func keepsOthersIssue() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(
      atPath: root + "/etc/issue.d", withIntermediateDirectories: true)
    try "mine".write(
      toFile: root + "/etc/issue.d/pawl.issue", atomically: true, encoding: .utf8)
    let hook = hook(.systemd)
    try hook.install()
    try hook.remove()
    #expect(try text("/etc/issue.d/pawl.issue") == "mine")
  }

  @Test("a unit that somebody changed and a link that is gone are named")
  func namesWhatIsWrong() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let hook = hook(.systemd)
    try hook.install()
    let unit = "/etc/systemd/system/pawl-resume.service"
    try (text(unit) + "# mine\n").write(toFile: root + unit, atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(
      atPath: root + "/etc/systemd/system/sysinit.target.wants/pawl-early.service")
    guard case .incomplete(let faults) = try hook.standing() else {
      Issue.record("nothing is missed")
      return
    }
    #expect(faults.count == 2)
    #expect(faults.contains { $0.contains("pawl-resume.service is not as") })
    #expect(faults.contains { $0.contains("pawl-early.service is not started at boot") })
    try hook.install()
    #expect(try hook.standing() == .installed)
  }

  @Test("where wsl.conf has a command of somebody's own, nothing is put beside it")
  func refusedBeforehand() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(
      atPath: root + "/etc", withIntermediateDirectories: true)
    try "[boot]\ncommand=mine\n".write(
      toFile: root + "/etc/wsl.conf", atomically: true, encoding: .utf8)
    let hook = hook(.wsl)
    #expect(throws: PawlError.self) { try hook.install() }
    #expect(try hook.standing() == .missing)
  }

  @Test("the mark of open plans is made once and goes without a word")
  func marks() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let mark = OpenPlansMark(journalPath: root + "/journal.db", files: LiveHost())
    #expect(!mark.isThere)
    try mark.make()
    try mark.make()
    #expect(mark.isThere)
    mark.remove()
    mark.remove()
    #expect(!mark.isThere)
  }
}

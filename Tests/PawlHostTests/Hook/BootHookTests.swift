import Foundation
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

  @Test(
    "every unit is skipped where no plan is open or pawl.resume=no is given, and required by none")
  func unitsStayOutOfTheWay() throws {
    for file in texts.files(for: .systemd) {
      #expect(file.content.contains("ConditionPathExists=/var/lib/pawl/journal.db.open\n"))
      #expect(file.content.contains("ConditionKernelCommandLine=!pawl.resume=no\n"))
      #expect(file.content.contains("ExecStart=-/usr/local/bin/pawl boot-hook run "))
      #expect(!file.content.contains("RequiredBy"))
      #expect(file.links.allSatisfy { $0.contains(".wants/") })
    }
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

import PawlModel
import Testing

@testable import PawlHost

@Suite("What a failed boot left behind is kept and explained")
struct BootEvidenceTests {
  private let lost = "0123456789abcdef0123456789abcdef"
  private let armed = "11111111-1111-1111-1111-111111111111"

  private func collect(
    _ host: FakeHost, _ boot: BootEvidenceReader.LostBoot? = nil,
    _ programs: CannedPrograms = CannedPrograms(), without: Set<String> = []
  ) -> BootEvidence {
    BootEvidenceReader(root: host.root, tool: programs.tool).collect(boot, without: without)
  }

  @Test("crash records are read wherever they were put, and left where they are")
  func records() throws {
    let host = try FakeHost().write("/sys/fs/pstore/console-ramoops-0", "one\n")
      .write("/var/lib/systemd/pstore/1712/001/dmesg.txt", "two\n")
    let evidence = collect(host)
    #expect(evidence.pieces.map(\.text) == ["one\n", "two\n"])
    #expect(evidence.pieces.first?.name == "/sys/fs/pstore/console-ramoops-0")
    #expect(host.root.exists("/sys/fs/pstore/console-ramoops-0"))
  }

  @Test("records from before the restart are left out, also where systemd has moved them since")
  func olderRecords() throws {
    let host = try FakeHost().write("/sys/fs/pstore/dmesg-ramoops-0", "old crash\n")
    let marks = BootEvidenceReader(root: host.root, tool: nil).marks()
    try host.write("/var/lib/systemd/pstore/1/dmesg.txt", "old crash\n")
      .write("/sys/fs/pstore/dmesg-ramoops-0", "new crash\n")
    #expect(collect(host, without: marks).pieces.map(\.text) == ["new crash\n"])
  }

  @Test("of a long record the last 64 KiB are kept, harmless to show")
  func bounds() throws {
    let host = try FakeHost().write(
      "/sys/fs/pstore/dmesg-0", String(repeating: "x", count: 200_000) + "\u{1b}[2Jend")
    let text = collect(host).pieces.first?.text ?? ""
    #expect(text.utf8.count < 66_000 && text.hasSuffix("\\x1b[2Jend"))
  }

  private func journalctl(_ boot: String) -> [String] {
    ["journalctl", "--boot=\(boot)", "--no-pager", "--lines=200", "--output=short-monotonic"]
  }

  private let lastBoot = ["journalctl", "--boot=-1", "--no-pager", "--lines=1", "--output=json"]

  @Test("the journal of a boot is asked for by an id that journalctl reads whole")
  func journal() throws {
    let host = try FakeHost().folder("/run/systemd/system")
    let programs = CannedPrograms(answers: [journalctl(lost): (0, "[ 1.0] last words\n")])
    let evidence = collect(host, .known("01234567-89ab-cdef-0123-456789abcdef"), programs)
    #expect(evidence.pieces.map(\.text) == ["[ 1.0] last words\n"])
    #expect(collect(host, .known("--file=/etc/shadow"), programs).pieces == [])
    #expect(collect(try FakeHost(), .known(lost), programs).pieces == [])
  }

  @Test("the last journal is not taken for the lost boot's where it is that of the boot before")
  func journalOfArmedBoot() throws {
    let host = try FakeHost().folder("/run/systemd/system")
    func programs(_ last: String) -> CannedPrograms {
      CannedPrograms(answers: [
        lastBoot: (0, "{\"_BOOT_ID\":\"\(last)\",\"MESSAGE\":\"x\"}\n"),
        journalctl(last): (0, "words\n"),
      ])
    }
    let old = armed.filter { $0 != "-" }
    #expect(collect(host, .after(armed), programs(old)).pieces == [])
    #expect(collect(host, .after(armed), programs(lost)).pieces.map(\.text) == ["words\n"])
    #expect(collect(host, .after(armed)).pieces == [])
  }

  @Test(
    "the known ends of a kernel are explained in plain words, with its own beside them",
    arguments: [
      (
        "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
        "did not find its root file system"
      ),
      ("Kernel panic - not syncing: Attempted to kill init! exitcode=0x100", "(init) ended"),
      ("Kernel panic - not syncing: sysrq triggered crash", "stopped itself"),
      ("watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [a:1]", "stuck in the kernel"),
      ("Oops: 0002 [#1] SMP PTI", "did something invalid"),
      ("Out of memory: Killed process 1 (a)", "Memory ran out"),
    ])
  func signs(line: String, meaning: String) {
    let text = "<4>[    1.0] before\n<0>[    2.0] \(line)\n<4>[    3.0] after\n"
    let summary = BootEvidence(pieces: [.init(name: "/sys/fs/pstore/d", text: text)]).summary
    #expect(summary.contains(meaning))
    #expect(summary.contains("/sys/fs/pstore/d: \"\(line)\"."))
  }

  @Test("the gravest sign wins, in whichever piece it stands")
  func gravest() {
    let pieces = [
      BootEvidence.Piece(name: "a", text: "Oops: 1\n"),
      BootEvidence.Piece(name: "b", text: "VFS: Unable to mount root fs on x\n"),
    ]
    #expect(BootEvidence(pieces: pieces).summary.contains("root file system"))
  }

  @Test("a host that the guard restarted is not taken for one whose kernel did not start")
  func guardsRestart() {
    let text =
      "[  90.1] systemd[1]: Started pawl-deadline.service.\n"
      + "[ 720.4] pawl: The new kernel did not prove itself in time; the host is restarted by force.\n"
    let summary = BootEvidence(pieces: [.init(name: "journal of boot 1", text: text)]).summary
    #expect(summary.hasPrefix("The kernel started and ran, but the host did not become well"))
  }

  @Test("that nothing was left behind is said, and what that can mean")
  func nothing() {
    let summary = BootEvidence(pieces: []).summary
    #expect(summary.hasPrefix("Nothing was left behind"))
    let silent = BootEvidence(pieces: [.init(name: "j", text: "all well\n")]).summary
    #expect(silent.hasPrefix("No message of a crash"))
  }

  @Test("a watchdog that ended the boot is named")
  func watchdog() throws {
    let host = try FakeHost().write("/sys/class/watchdog/watchdog0/bootstatus", "32\n")
      .write("/sys/class/watchdog/watchdog0/identity", "iTCO_wdt\n")
    #expect(collect(host).summary.contains("The watchdog iTCO_wdt (watchdog0) reset the host."))
  }
}

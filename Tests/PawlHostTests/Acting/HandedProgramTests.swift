import Foundation
import Glibc
import PawlHost
import PawlModel
import Testing

/// What root hands to an interpreter or a wrapper is trusted as a program is.
@Suite(.enabled(if: isRoot, why)) struct HandedProgramTests {
  private let folder: TemporaryFolder
  private let script: String
  private let mark: String

  init() throws {
    folder = try TemporaryFolder()
    script = folder("script")
    mark = folder("ran")
    try write("#!/bin/sh\ntouch \(mark)\n", at: script)
    chmod(script, 0o755)
    for path in [folder.path, script] { chown(path, stranger.uid, stranger.gid) }
  }

  /// `SCRIPT`, `FOLDER` and `ABSENT` stand for the stranger's.
  private func run(
    _ argv: [String], as identity: Identity = own, directory: String = "/",
    adding variables: [String: String] = [:]
  ) throws -> ExitReport.Ending {
    func filled(_ text: String) -> String {
      text.replacing("SCRIPT", with: script).replacing("ABSENT", with: folder("absent"))
        .replacing("FOLDER", with: folder.path)
    }
    var environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    for (name, value) in variables { environment[name] = filled(value) }
    let request = ProcessRequest(
      argv: argv.map(filled), directory: filled(directory), environment: environment,
      identity: identity, timeoutSeconds: 60, token: "handed", spool: folder("spool"))
    return try LiveHost().run(request) { _ in .goOn }.ending
  }

  private func sentence(_ ending: ExitReport.Ending) -> String? {
    guard case .notStarted(let sentence) = ending else { return nil }
    return sentence
  }

  @Test("below root's sticky folder what is root's may run; what is another's or not there may not")
  func sticky() throws {
    for path in [folder.path, script] { chown(path, 0, 0) }
    chmod(folder.path, 0o1777)
    #expect(try run(["sh", "SCRIPT"]) == .exited(0))
    #expect(try run(["SCRIPT"]) == .exited(0))
    #expect(sentence(try run(["sh", "ABSENT"]))?.contains(folder.path) == true)
    chown(script, stranger.uid, stranger.gid)
    #expect(sentence(try run(["SCRIPT"]))?.contains("is not run as root") == true)
    chown(script, 0, 0)
    symlink("/bin/true", folder("link"))
    #expect(try run([folder("link")]) == .exited(0))
    lchown(folder("link"), stranger.uid, stranger.gid)
    #expect(sentence(try run([folder("link")]))?.contains("is not run as root") == true)
    mkdir(folder("inner"), 0o755)
    for code in ["FOLDER", "FOLDER/.", "FOLDER/inner/.."] {
      let told = sentence(try run(["python3", code]))
      #expect(told?.contains("is not handed to python3") == true, "\(code)")
    }
    chmod(folder.path, 0o777)
    #expect(sentence(try run(["SCRIPT"]))?.contains("is not run as root") == true)
  }

  @Test(
    "root hands no script, program or folder of code that another user can write to",
    arguments: [
      ["sh", "SCRIPT"], ["/bin/bash", "SCRIPT"], ["bash", "-e", "SCRIPT", "a"],
      ["python3", "SCRIPT"], ["python3", "FOLDER"], ["perl", "SCRIPT"],
      ["perl", "-IFOLDER", "-e", "1"], ["bash", "--rcfile=SCRIPT", "-c", "true"],
      ["env", "SCRIPT"], ["env", "FOO=1", "SCRIPT"], ["env", "-S", "sh SCRIPT"],
      ["env", "PATH=FOLDER", "true"], ["nice", "SCRIPT"], ["nice", "-n", "10", "SCRIPT"],
      ["setsid", "-w", "SCRIPT"], ["timeout", "9", "nice", "sh", "SCRIPT"], ["nohup", "SCRIPT"],
      ["xargs", "-a", "/dev/null", "SCRIPT"], ["chroot", "FOLDER", "true"],
      ["run-parts", "FOLDER"], ["find", "/etc", "-maxdepth", "0", "-exec", "SCRIPT", ";"],
      ["sed", "-f", "SCRIPT", "/etc/hostname"], ["awk", "-fSCRIPT", "/etc/hostname"],
      ["sh", "-c", ". SCRIPT"], ["sh", "ABSENT"], ["env", "ABSENT"],
    ])
  func refused(_ argv: [String]) throws {
    let told = sentence(try run(argv))
    #expect(told?.contains("is not handed to ") == true, "\(argv): \(told ?? "it was started")")
    #expect(told?.contains(folder.path) == true)
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test("the sentence says which file, who can write it, and what to do")
  func words() throws {
    let told = try #require(sentence(try run(["env", "FOO=1", "bash", "SCRIPT"])))
    #expect(told.hasPrefix("\(script) is not handed to env as root, since "))
    #expect(told.contains(" can write to "))
    #expect(told.hasSuffix("Make it root's alone, or let the step run without root."))
  }

  @Test("a script is found in the folder of the request too, and so is what is not there yet")
  func relative() throws {
    for argv in [
      ["sh", "script"], ["sh", "./script"], ["sh", "absent"], ["python3", "-m", "x"],
    ] {
      let told = sentence(try run(argv, directory: "FOLDER"))
      #expect(told?.contains(folder.path) == true, "\(argv): \(told ?? "it was started")")
    }
    let upwards = sentence(try run(["sh", "..SCRIPT"], directory: "/etc"))
    #expect(upwards?.contains("is not handed to sh as root") == true)
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test("root loads no code by a variable that leads to where another user can write")
  func variables() throws {
    for name in ["LD_PRELOAD", "BASH_ENV", "PYTHONPATH", "PERL5LIB"] {
      let told = sentence(try run(["true"], adding: [name: "/usr/lib/none:FOLDER/x"]))
      #expect(told?.contains("is not loaded by way of \(name) as root") == true)
    }
    #expect(try run(["true"], adding: ["LANG": "FOLDER"]) == .exited(0))
  }

  @Test(
    "data of another user may be worked on, and code of root's own is run",
    arguments: [
      ["sh", "-c", "true"], ["env", "A=1", "true"], ["nice", "-n", "1", "true"],
      ["timeout", "9", "ls", "FOLDER"], ["find", "FOLDER", "-name", "none"], ["cat", "SCRIPT"],
      ["sed", "-n", "$p", "SCRIPT"], ["env", "touch", "ABSENT"],
      ["awk", "END {print NR}", "SCRIPT"], ["python3", "-c", "print(1)", "FOLDER"],
    ])
  func allowed(_ argv: [String]) throws {
    #expect(try run(argv) == .exited(0))
  }

  @Test(
    "root runs no make, whatever stands before it",
    arguments: [
      ["make", "--version"], ["/usr/bin/make", "--version"], ["env", "A=1", "make"],
      ["nice", "-n", "10", "make", "-v"], ["timeout", "9", "nice", "/usr/bin/make", "-v"],
    ])
  func makes(_ argv: [String]) throws {
    let told = sentence(try run(argv))
    #expect(told?.contains("make is not run as root") == true, "\(told ?? "it was started")")
  }

  @Test("a package by the name of make may be asked about")
  func packageOfMake() throws {
    let ending = try run(["dpkg", "-s", "make"])
    #expect(sentence(ending) == nil)
  }

  @Test("a step without root runs its user's scripts")
  func asUser() throws {
    #expect(try run(["sh", "SCRIPT"], as: stranger) == .exited(0))
    #expect(FileManager.default.fileExists(atPath: mark))
  }
}

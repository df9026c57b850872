import Foundation
import PawlModel
import Testing

@testable import PawlHost

/// A folder tree as Windows' drive C:, with a kernel of Pawl's in it, and `.wslconfig` as somebody left it.
struct WSLGround {
  static let release = "6.6.87.2-microsoft-standard-WSL2-pawl1"
  static let home = "/mnt/c/Users/Jürgen Müller"
  static let folder = "\(home)/pawl/\(release)"

  let ground: LoaderGround
  let trial: TrialTerms
  let wsl: WSLTerms
  var root: HostRoot { ground.root }

  /// - Parameter settings: nil where there is no `.wslconfig`.
  init(settings: [UInt8]?, disk: Bool = false) throws {
    ground = try LoaderGround()
    try ground.lay(
      "/proc/self/mountinfo",
      "60 20 0:60 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs;path=C:\\;uid=1000\n")
    try ground.lay("\(Self.folder)/kernel", Self.image(Self.release))
    if disk { try ground.lay("\(Self.folder)/modules.vhdx", "vhdxfile") }
    if let settings {
      try ground.lay("\(Self.home)/.wslconfig", settings)
      try ground.lay("\(Self.folder)/wslconfig-before", settings)
    }
    wsl = WSLTerms(
      settings: ground.root.path("\(Self.home)/.wslconfig"),
      before: settings == nil ? nil : ground.root.path("\(Self.folder)/wslconfig-before"),
      folder: "C:\\Users\\Jürgen Müller\\pawl\\\(Self.release)", hasModulesDisk: disk)
    trial = TrialTerms(token: "t0", wsl: wsl)
  }

  var arming: WSLTrial { arming(wslpath: nil) }

  func arming(wslpath: String?) -> WSLTrial {
    WSLTrial(
      terms: wsl, files: LiveHost(), side: .detect(root: root), root: root,
      wslpath: { _ in wslpath })
  }

  var settings: [UInt8]? { root.read("\(Self.home)/.wslconfig").value }

  func now() throws -> WSLKernelSettings { try WSLKernelSettings(settings) }

  /// Enough of a bzImage to be recognised by its header.
  static func image(_ release: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 0x400)
    bytes.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
    bytes[0x20e] = 0x00
    bytes[0x20f] = 0x01
    return Array(bytes[..<0x300])
      + Array("\(release) (pawl@pawl) #1 SMP Sat Nov 28 00:00:00 UTC 2026\0".utf8)
  }
}

@Suite("A trial under WSL")
struct WSLTrialTests {
  static let texts: [String?] = [
    nil, "", "[wsl2]\r\n", "# mine\r\n[wsl2]\r\nmemory=4GB",
    "[x]\na=1\n[WSL2]\n Kernel = C:\\\\old # k\n",
    "[wsl2]\r\nkernel=C:\\\\k\r\nkernelModules=C:\\\\m.vhdx\r\nkernelCommandLine = vsyscall=emulate\r\n",
    "[wsl2]\nkernelCommandLine=\"a#b\"\n[experimental]\nsparseVhd=true\n",
  ]

  @Test("what the trial set is taken back byte for byte", arguments: texts, [false, true])
  func takenBack(text: String?, disk: Bool) throws {
    let before = text.map { Array($0.utf8) }
    let ground = try WSLGround(settings: before, disk: disk)
    let arming = ground.arming
    _ = try arming.ready(ground.trial, release: WSLGround.release)
    try arming.arm(ground.trial)
    let armed = try ground.now()
    #expect(armed.kernel == "C:\\Users\\Jürgen Müller\\pawl\\\(WSLGround.release)\\kernel")
    #expect(armed.modulesDisk == ground.wsl.modulesDisk)
    #expect(armed.carries("t0"))
    try arming.disarm(ground.trial)
    #expect(ground.settings == before)
    try arming.disarm(ground.trial)
    #expect(ground.settings == before)
  }

  @Test("where no journal tells of it, the settings do", arguments: texts, [false, true])
  func recalled(text: String?, disk: Bool) throws {
    let before = text.map { Array($0.utf8) }
    let ground = try WSLGround(settings: before, disk: disk)
    let recall = WSLRecall(files: LiveHost(), side: .detect(root: ground.root), root: ground.root)
    try recall.takeBack()
    #expect(ground.settings == before)
    try ground.arming.arm(ground.trial)
    for _ in 0..<2 {
      try recall.takeBack()
      #expect(ground.settings == before)
    }
  }

  @Test("where the settings of before are gone with their folder, WSL gets its own kernel again")
  func recalledWithoutCopy() throws {
    let text = "[wsl2]\r\nkernel=C:\\\\old\r\nmemory=4GB\r\n"
    let ground = try WSLGround(settings: Array(text.utf8))
    try ground.arming.arm(ground.trial)
    try ground.ground.remove(WSLGround.folder)
    let side = WindowsSide.detect(root: ground.root)
    try WSLRecall(files: LiveHost(), side: side, root: ground.root).takeBack()
    let now = try ground.now()
    #expect(now.kernel == nil && now.token == nil)
    let left = String(decoding: ground.settings ?? [], as: UTF8.self)
    #expect(left.contains("memory=4GB"))
  }

  @Test("arming twice, as after a power cut, is arming once", arguments: texts)
  func twice(text: String?) throws {
    let ground = try WSLGround(settings: text.map { Array($0.utf8) })
    try ground.arming.arm(ground.trial)
    let once = ground.settings
    _ = try ground.arming.ready(ground.trial, release: WSLGround.release)
    try ground.arming.arm(ground.trial)
    #expect(ground.settings == once)
  }

  @Test("what stood on the command line stays there, in the trial and after promotion")
  func commandLine() throws {
    let ground = try WSLGround(
      settings: Array("[wsl2]\nkernelCommandLine = vsyscall=emulate  quiet\n".utf8))
    try ground.arming.arm(ground.trial)
    #expect(try ground.now().commandLine == "vsyscall=emulate quiet pawl.trial=t0")
    try ground.arming.disarm(ground.trial)
    try ground.arming.promote()
    #expect(try ground.arming.isPromoted())
    #expect(try ground.now().commandLine == "vsyscall=emulate  quiet")
    #expect(try ground.now().kernel == ground.wsl.kernel)
  }

  @Test("a disk with the modules of an older kernel goes with it, and comes back with it")
  func olderDisk() throws {
    let text = "[wsl2]\nkernel=C:\\\\k\nkernelModules=C:\\\\m.vhdx # mine\n"
    let ground = try WSLGround(settings: Array(text.utf8))
    try ground.arming.arm(ground.trial)
    #expect(try ground.now().modulesDisk == nil)
    try ground.arming.disarm(ground.trial)
    #expect(ground.settings == Array(text.utf8))
  }

  @Test("a line that somebody adds during the trial stays when the trial is taken back")
  func editedMeanwhile() throws {
    let ground = try WSLGround(settings: Array("[wsl2]\nkernel=C:\\\\k\nmemory=4GB\n".utf8))
    try ground.arming.arm(ground.trial)
    let edited = String(decoding: ground.settings ?? [], as: UTF8.self) + "[x]\na=1\n"
    try ground.ground.lay("\(WSLGround.home)/.wslconfig", edited)
    try ground.arming.disarm(ground.trial)
    let left = String(decoding: ground.settings ?? [], as: UTF8.self)
    #expect(left == "[wsl2]\nkernel=C:\\\\k\nmemory=4GB\n[x]\na=1\n")
  }

  @Test("with the copy of before gone, WSL gets its own kernel: it always starts")
  func copyGone() throws {
    let ground = try WSLGround(settings: Array("[wsl2]\nkernel=C:\\\\k\nmemory=4GB\n".utf8))
    try ground.arming.arm(ground.trial)
    try FileManager.default.removeItem(atPath: ground.wsl.before ?? "")
    try ground.arming.disarm(ground.trial)
    #expect(ground.settings == Array("[wsl2]\nmemory=4GB\n".utf8))
  }

  @Test("settings that name another kernel are somebody else's, and left alone")
  func another() throws {
    let ground = try WSLGround(settings: nil)
    let text = "[wsl2]\nkernel=C:\\\\other\n"
    try ground.ground.lay("\(WSLGround.home)/.wslconfig", text)
    try ground.arming.disarm(ground.trial)
    #expect(ground.settings == Array(text.utf8))
  }

  @Test("settings that changed since the approval keep the trial from beginning")
  func changed() throws {
    let ground = try WSLGround(settings: Array("[wsl2]\n".utf8))
    try ground.ground.lay("\(WSLGround.home)/.wslconfig", "[wsl2]\nmemory=1GB\n")
    let error = #expect(throws: PawlError.self) {
      try ground.arming.ready(ground.trial, release: WSLGround.release)
    }
    #expect(error?.message.contains("is not what it was") == true)
  }

  /// WSL_E_CUSTOM_KERNEL_NOT_FOUND: WSL does not start any more, no distribution of it.
  @Test("a kernel or a disk that is not there is never written into .wslconfig")
  func missing() throws {
    for name in ["kernel", "modules.vhdx"] {
      let ground = try WSLGround(settings: Array("[wsl2]\n".utf8), disk: true)
      try FileManager.default.removeItem(atPath: ground.root.path("\(WSLGround.folder)/\(name)"))
      let error = #expect(throws: PawlError.self) {
        try ground.arming.ready(ground.trial, release: WSLGround.release)
      }
      #expect(error?.message.contains("WSL would not start at all") == true)
      #expect(throws: PawlError.self) { try ground.arming.promote() }
      #expect(ground.settings == Array("[wsl2]\n".utf8))
    }
  }

  @Test("an image of another release, and a path that wslpath takes for another, are refused")
  func others() throws {
    let ground = try WSLGround(settings: nil)
    let elsewhere = ground.arming(wslpath: "/mnt/d/kernel")
    let path = #expect(throws: PawlError.self) {
      try elsewhere.ready(ground.trial, release: WSLGround.release)
    }
    #expect(path?.message.contains("by wslpath") == true)
    try ground.ground.lay("\(WSLGround.folder)/kernel", WSLGround.image("6.6.0-other"))
    let image = #expect(throws: PawlError.self) {
      try ground.arming.ready(ground.trial, release: WSLGround.release)
    }
    #expect(image?.message.contains("calls itself 6.6.0-other") == true)
  }

  @Test(
    "where the old kernel runs after an armed trial, the trial failed: nothing of WSL tells more")
  func verdict() throws {
    let ground = try WSLGround(settings: nil)
    let trace = ground.arming.trace(of: ground.trial, recorded: true)
    #expect(trace == LoaderTrace(oneShot: .unknown, tried: .unknown, oneShotWasRecorded: true))
  }
}

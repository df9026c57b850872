import CZlib
import Foundation
import Testing

@testable import PawlHost

@Suite("A kernel configuration")
struct KernelConfigTests {
  static let sample = KernelConfig(
    text: """
      #
      # Automatically generated file; DO NOT EDIT.
      # Linux/x86 6.1.176 Kernel Configuration
      #
      CONFIG_VFIO_PCI_CORE=m
      # CONFIG_VFIO_PCI is not set
      # CONFIG_SPACED is not set \n\
      CONFIG_CMDLINE="root=\\"/dev/vda1\\" a\\\\b"
      CONFIG_HZ=250
      CONFIG_PHYSICAL_START=0x1000000
      CONFIG_SND_SOC_fsl_mx=y
      CONFIG_LETTER="y"
      CONFIG_EMPTY=""
      CONFIG_OFF=n
      # CONFIG_COMMENTED=y
       CONFIG_INDENTED=y
      CONFIG_TWICE=m
      CONFIG_TWICE=y
      CONFIG_NEGATIVE=-1
      CONFIG_WINDOWS=y\r
      """)

  @Test(
    "each state is told from the others",
    arguments: [
      ("VFIO_PCI_CORE", SymbolState.m), ("VFIO_PCI", .n), ("VFIO", .absent), ("HZ", .value("250")),
      ("CMDLINE", .value("root=\"/dev/vda1\" a\\b")), ("PHYSICAL_START", .value("0x1000000")),
      ("SND_SOC_fsl_mx", .y), ("SND_SOC_FSL_MX", .absent), ("LETTER", .value("y")),
      ("EMPTY", .value("")), ("OFF", .n), ("COMMENTED", .absent), ("INDENTED", .absent),
      ("NEGATIVE", .value("-1")), ("WINDOWS", .y), ("SPACED", .absent), ("", .absent),
    ])
  func states(symbol: String, state: SymbolState) {
    #expect(Self.sample.state(symbol) == state)
    #expect(Self.sample.state("CONFIG_" + symbol) == state)
  }

  @Test("a symbol set twice has its later value")
  func twice() { #expect(Self.sample.state("TWICE") == .y) }

  @Test("the header gives version and architecture")
  func header() {
    #expect(Self.sample.headerVersion == "6.1.176")
    #expect(Self.sample.headerArchitecture == "x86")
    #expect(KernelConfig(text: "CONFIG_X=y\n").headerVersion == nil)
  }

  @Test("a file packed with gzip is read, a damaged one is unreadable with the reason")
  func gzip() throws {
    let packed = pack("# Linux/x86 6.6.87 Kernel Configuration\nCONFIG_A=y\n")
    let host = try FakeHost().write("/good.gz", bytes: packed)
      .write("/short.gz", bytes: Array(packed.dropLast(12))).write("/text", "hello\n")
    #expect(KernelConfig.read("/good.gz", root: host.root).value?.state("A") == .y)
    #expect(
      KernelConfig.read("/short.gz", root: host.root).reason == "the gzip data ends too early")
    #expect(
      KernelConfig.read("/text", root: host.root).reason == "it holds no kernel configuration")
    #expect(KernelConfig.read("/none", root: host.root).reason == "not there")
  }

  @Test(
    "configurations of real systems give version and states",
    .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func realOnes() throws {
    let expected: [(String, String, SymbolState)] = [
      ("debian/6.1.0-50-cloud-amd64/config.gz", "6.1.176", .m),
      ("arch/config-6.17.5-arch1.gz", "6.17.5-arch1", .m),
      ("fedora/config-6.17.5-200.fc42.x86_64.gz", "6.17.5-200.fc42.x86_64", .m),
      ("ubuntu/config-5.4.0-26-generic-amd64.gz", "5.4.0-24-generic", .y),
      ("wsl/config-wsl-6.6.87.1.gz", "6.6.87.1", .m),
      ("wsl/config-wsl-5.15.146.1.gz", "5.15.146.1", .y),
    ]
    for (path, version, vfio) in expected {
      let config = KernelConfig(bytes: SharedData.bytes(path))
      let header = try #require(config.headerVersion, "\(path)")
      #expect(
        KernelVersion.upstream(header) == KernelVersion.upstream(version), "\(path): \(header)")
      #expect(config.count > 1000)
      #expect(config.state("VFIO_PCI") == vfio, "\(path)")
    }
  }

  @Test(
    "the index agrees with a plain reading of every line",
    .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func agreesWithLines() {
    let bytes = SharedData.bytes("fedora/config-6.17.5-200.fc42.x86_64.gz")
    let config = KernelConfig(bytes: bytes)
    var seen = 0
    for line in bytes.lines() {
      if line.hasPrefix("CONFIG_"), let equals = line.firstIndex(of: "=") {
        let name = String(line[..<equals].dropFirst(7))
        #expect(config.raw(name) == String(line[line.index(after: equals)...]))
        seen += 1
      } else if line.hasPrefix("# CONFIG_"), line.hasSuffix(" is not set") {
        #expect(config.state(String(line.dropFirst(9).dropLast(11))) == .n)
        seen += 1
      }
    }
    #expect(seen == config.count)
    #expect(config.symbols.count == seen)
  }

  private func pack(_ text: String) -> [UInt8] {
    let plain = Array(text.utf8)
    var packed = [UInt8](repeating: 0, count: 1024)
    var stream = z_stream()
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = plain
    let made = input.withUnsafeMutableBufferPointer { source in
      packed.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        deflate(&stream, Z_FINISH)
        return Int(stream.total_out)
      }
    }
    return Array(packed.prefix(made))
  }
}

@Suite("Where a kernel's configuration is found")
struct KernelConfigProbeTests {
  private let release = KernelRelease(text: "6.1.0-50-amd64", source: .running(file: "test"))

  @Test("the first place that holds one wins, and the others are told of")
  func order() throws {
    let host = try FakeHost().running("6.1.0-50-amd64").folder("/boot/config-6.1.0-50-amd64")
      .write(
        "/usr/lib/modules/6.1.0-50-amd64/config",
        "# Linux/x86 6.1.176 Kernel Configuration\nCONFIG_A=m\n"
      )
      .write("/lib/modules/6.1.0-50-amd64/config", "CONFIG_A=y\n")
    let probe = KernelConfigProbe.locate(root: host.root, release: release)
    #expect(probe.found?.path == "/usr/lib/modules/6.1.0-50-amd64/config")
    #expect(probe.found?.matchesRelease == true)
    #expect(probe.state("A") == .m)
    #expect(
      probe.attempts == [
        .init(path: "/proc/config.gz", outcome: "not there"),
        .init(path: "/boot/config-6.1.0-50-amd64", outcome: "it is a folder"),
        .init(path: "/usr/src/linux-6.1.0-50-amd64/.config", outcome: "not there"),
      ])
  }

  @Test("without any, every symbol is unreadable and never n")
  func none() throws {
    let probe = KernelConfigProbe.locate(root: try FakeHost().root, release: release)
    #expect(probe.found == nil)
    #expect(probe.attempts.count == 10)
    #expect(probe.state("A") == .unreadable("none of the 10 known places holds it"))
  }

  @Test("/proc/config.gz is not asked about a kernel that does not run")
  func notRunning() throws {
    let other = KernelRelease(text: "6.2.0", source: .newestInstalled(folder: "/lib/modules"))
    let host = try FakeHost().write("/proc/config.gz", "CONFIG_A=y\n")
    #expect(KernelConfigProbe.locate(root: host.root, release: other).found == nil)
    #expect(KernelConfigProbe.locate(root: host.root, release: release).found != nil)
  }

  @Test("/usr/src/linux/.config of another version is refused, of the same is flagged")
  func unversioned() throws {
    let host = try FakeHost()
    let place = "/usr/src/linux/.config"
    try host.write(place, "# Linux/x86 6.2.1 Kernel Configuration\nCONFIG_A=y\n")
    let refused = KernelConfigProbe.locate(root: host.root, release: release)
    #expect(refused.found == nil)
    #expect(refused.attempts.last?.outcome == "it is of another kernel, 6.2.1")
    try host.write(place, "# Linux/x86 6.1.5 Kernel Configuration\nCONFIG_A=y\n")
    let taken = KernelConfigProbe.locate(root: host.root, release: release)
    #expect(taken.found?.mayBeAnotherKernel == true)
  }

  @Test(
    "a header fits a release by its upstream numbers",
    arguments: [
      ("6.1.176", "6.1.0-50-amd64", true), ("5.4.30", "5.4.0-26-generic", true),
      ("6.17.5-200.fc42.x86_64", "6.17.5-200.fc42.x86_64", true), ("6.17.4", "6.17.5", false),
      ("6.2.0", "6.1.0", false), ("5.15.146.1", "5.15.146.1-microsoft-standard-WSL2", true),
      (nil, "6.1.0", nil), ("odd", "6.1.0", nil),
    ] as [(String?, String, Bool?)])
  func fits(header: String?, release: String, answer: Bool?) {
    #expect(KernelConfigProbe.matches(header: header, release: release) == answer)
  }
}

import Foundation
import Testing

@testable import PawlHost

@Suite("Detection as a whole")
struct HostDetectionTests {
  private let release = "6.1.0-50-amd64"

  private func host(config: String = "CONFIG_VFIO_PCI=m\n# CONFIG_BTRFS_FS is not set\n") throws
    -> FakeHost
  {
    try FakeHost().running(release).write("/proc/modules", "overlay 1 0 - Live 0x0\n")
      .write("/proc/2/comm", "kthreadd\n").write("/etc/hostname", "oak\n")
      .write("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
      .write("/boot/config-\(release)", config)
      .write(
        "/lib/modules/\(release)/modules.dep",
        "kernel/vfio-pci.ko: kernel/vfio.ko\nkernel/vfio.ko:\nkernel/overlay.ko:\n"
      )
      .write("/lib/modules/\(release)/modules.builtin", "kernel/ext4.ko\n")
  }

  private func object(_ report: DetectionReport) throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(try report.json().utf8))
    return try #require(json as? [String: Any])
  }

  @Test("the JSON begins with its schema and holds the fixed keys")
  func shape() throws {
    let report = HostDetection.detect(root: try host().root, modules: ["vfio-pci"])
    #expect(try report.json().hasPrefix("{\n  \"schema\" : \"pawl.detect/1\","))
    #expect(try !report.json().contains("[\n\n"))
    let all = try object(report)
    let kernel = try #require(all["kernel"] as? [String: Any])
    #expect(kernel["version"] as? String == release)
    #expect(kernel["config_available"] as? Bool == true)
    #expect(kernel["config_path"] as? String == "/boot/config-\(release)")
    #expect(kernel["loaded_modules"] as? [String] == ["overlay"])
    #expect(kernel["iommu_groups"] is NSNull)
    #expect(kernel["iommu_reason"] as? String == "not there")
    let check = try #require(
      (kernel["module_check"] as? [String: Any])?["vfio_pci"] as? [String: Any])
    #expect(check["loaded"] as? Bool == false)
    #expect(check["compiled"] as? Bool == true)
    #expect(check["config_state"] as? String == "m")
    #expect((all["container"] as? [String: Any])?["in_container"] as? Bool == false)
    #expect((all["wsl"] as? [String: Any])?["detected"] as? Bool == false)
    #expect((all["host"] as? [String: Any])?["name"] as? String == "oak")
  }

  @Test("an empty root gives nulls with reasons, and no invented no")
  func emptyRoot() throws {
    let report = HostDetection.detect(root: try FakeHost().root, modules: ["vfio-pci"])
    let all = try object(report)
    let kernel = try #require(all["kernel"] as? [String: Any])
    #expect(kernel["config_path"] is NSNull)
    #expect(kernel["config_available"] as? Bool == false)
    #expect((all["container"] as? [String: Any])?["in_container"] is NSNull)
    #expect(kernel["loaded_modules_reason"] is String)
    let check = try #require(report.kernel.moduleCheck["vfio_pci"])
    #expect(check.state == "unknown")
    #expect(check.configState == nil)
    #expect(check.reason?.contains("loaded: not known") == true)
  }

  @Test("without --module nothing is checked, and the JSON decodes to the same report")
  func roundTrip() throws {
    let report = HostDetection.detect(root: try host().root)
    #expect(report.kernel.moduleCheck.isEmpty)
    let back = try JSONDecoder().decode(DetectionReport.self, from: Data(try report.json().utf8))
    #expect(back == report)
  }

  @Test("the machine itself is detected without root and without failing")
  func live() throws {
    let report = HostDetection.detect(root: .live)
    #expect(report.kernel.version != "unknown")
    if FileManager.default.fileExists(atPath: "/.dockerenv") {
      #expect(report.container.inContainer == true)
    }
  }

  @Test(
    "check tells have, module-not-loaded, needs-kernel and unknown apart",
    arguments: [
      ("overlay", .module, .have), ("ext4", .module, .have),
      ("vfio-pci", .module, .moduleNotLoaded), ("CONFIG_VFIO_PCI", .symbol, .moduleNotLoaded),
      ("btrfs", .module, .needsKernel), ("BTRFS_FS", .symbol, .needsKernel),
      ("nosuchthing", .module, .unknown), ("NOSUCH", .symbol, .needsKernel),
    ] as [(String, CapabilityCheck.Kind, CapabilityCheck.Verdict)])
  func check(word: String, kind: CapabilityCheck.Kind, verdict: CapabilityCheck.Verdict) throws {
    let check = CapabilityCheck.of(word, host: HostDetection(root: try host().root))
    #expect(check.kind == kind)
    #expect(check.verdict == verdict, "\(check.sentence)")
    #expect((check.howToFix == nil) == (verdict == .have))
  }

  @Test("a blocked module says which line blocks it")
  func blocked() throws {
    let host = try host().write("/etc/modprobe.d/x.conf", "\ninstall vfio_pci /bin/false\n")
    let check = CapabilityCheck.of("vfio-pci", host: HostDetection(root: host.root))
    #expect(
      check.howToFix == "Remove line 2 of /etc/modprobe.d/x.conf, then run modprobe vfio_pci.")
  }

  @Test("a module of the configuration that is not shipped asks for its package")
  func notShipped() throws {
    let host = try host(config: "CONFIG_WIREGUARD=m\n")
      .write("/etc/os-release", "ID=ubuntu\nID_LIKE=debian\n")
    let check = CapabilityCheck.of("wireguard", host: HostDetection(root: host.root))
    #expect(check.verdict == .moduleNotLoaded)
    #expect(check.howToFix == "Install linux-modules-extra-\(release).")
  }

  @Test("without any configuration or lists, check says unknown")
  func unknown() throws {
    let host = HostDetection(root: try FakeHost().running("6.1").root)
    #expect(CapabilityCheck.of("CONFIG_X", host: host).verdict == .unknown)
    #expect(CapabilityCheck.of("overlay", host: host).verdict == .unknown)
  }
}

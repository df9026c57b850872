import FixtureHosts
import Testing

@testable import PawlHost

@Suite("The small hosts of the project")
struct FixtureTests {
  private func detect(_ name: String, modules: [String] = []) -> DetectionReport {
    HostDetection.detect(root: FixtureHosts.root(name), modules: modules)
  }

  @Test("debian-12 is a host with modules to load and one IOMMU group")
  func debian() {
    let report = detect("debian-12", modules: ["vfio-pci", "pcspkr", "br_netfilter"])
    #expect(report.kernel.version == "6.1.0-50-amd64")
    #expect(report.kernel.configPath == "/boot/config-6.1.0-50-amd64")
    #expect(report.kernel.configMatchesVersion == true)
    #expect(report.kernel.loadedModules == ["br_netfilter", "bridge", "overlay"])
    #expect(report.kernel.iommuGroups?.first?.devices.map(\.driver) == ["nouveau", nil])
    #expect(report.container.inContainer == false)
    #expect(report.host.operatingSystem.family == .debian)
    let vfio = report.kernel.moduleCheck["vfio_pci"]
    #expect(vfio?.compiled == true && vfio?.loaded == false && vfio?.configState == "m")
    #expect(vfio?.dependencies == ["vfio", "vfio_pci_core"])
    #expect(report.kernel.moduleCheck["br_netfilter"]?.loaded == true)
    #expect(report.kernel.moduleCheck["pcspkr"]?.blocks.first?.kind == .installNothing)
  }

  @Test("wsl-2 is WSL and no container, and has its configuration in /proc")
  func wsl() {
    let report = detect("wsl-2", modules: ["wireguard"])
    #expect(report.wsl.version == 2)
    #expect(report.wsl.customKernel == false)
    #expect(report.container.inContainer == false)
    #expect(report.kernel.configPath == "/proc/config.gz")
    #expect(report.kernel.moduleCheck["wireguard"]?.configState == "m")
    #expect(report.kernel.moduleCheck["wireguard"]?.state == "unknown")
  }

  @Test("container is one, and what it cannot see is unknown")
  func container() {
    let report = detect("container", modules: ["overlay"])
    #expect(report.container.inContainer == true)
    #expect(report.container.kind == "docker")
    #expect(report.kernel.configAvailable == false)
    #expect(report.kernel.moduleCheck["overlay"]?.state == "unknown")
    #expect(report.kernel.iommuGroups == nil)
  }
}

import PawlModel
import Testing

@testable import PawlHost

@Suite("Whether the firmware knows the key that DKMS signs with")
struct ModuleSigningKeyTests {
  private let certificate: [UInt8] = [0x30, 0x82, 0x01, 0x00, 1, 2, 3]
  private let shim = "605dab50-e046-4300-abb6-3dd810dd8b23"

  private func host(_ variable: String?, _ bytes: [UInt8] = []) throws -> FakeHost {
    let host = try FakeHost().write("/var/lib/dkms/mok.pub", bytes: certificate)
    guard let variable else { return host }
    return try host.write("/sys/firmware/efi/\(variable)", bytes: bytes)
  }

  private func standing(_ host: FakeHost) -> ModuleSigningKey.Standing? {
    ModuleSigningKey.ofDKMS(root: host.root).standing
  }

  @Test("It does where the certificate stands in one of its lists, at any place")
  func enrolled() throws {
    let list: [UInt8] = [9, 9, 0x30, 0x82] + certificate + [7]
    #expect(standing(try host("mok-variables/MokListRT", list)) == .enrolled)
    #expect(standing(try host("efivars/MokListRT-\(shim)", [0, 0, 0, 0] + list)) == .enrolled)
    #expect(
      standing(try host("mok-variables/MokListRT", Array(certificate.dropLast()))) == .unknown)
    #expect(standing(try host(nil)) == .unknown)
    #expect(standing(try FakeHost()) == nil)
  }

  @Test("What a person has to do at the console is said, and differs once the request is made")
  func asksPerson() throws {
    let requested = ModuleSigningKey.ofDKMS(
      root: try host("efivars/MokNew-\(shim)", [7, 0, 0, 0] + certificate).root)
    #expect(requested.standing == .requested)
    let first = #expect(throws: PawlError.self) { try requested.requireEnrolled() }
    #expect(first?.code == .needsPerson && first?.hint?.hasPrefix("Restart this host.") == true)
    let unknown = ModuleSigningKey.ofDKMS(root: try host(nil).root)
    let second = #expect(throws: PawlError.self) { try unknown.requireEnrolled() }
    #expect(second?.hint?.contains("mokutil --import /var/lib/dkms/mok.pub") == true)
    for error in [first, second] {
      #expect(error?.hint?.contains("any key within 10 s, Enroll MOK") == true)
      let words = "pawl: \(error?.message ?? "") \(error?.hint ?? "")"
      #expect(words.count <= 400, "the beginning would be cut off: \(words)")
    }
  }

  /// A lab's DKMS built without a signature where openssl was not there, and said that it had done well.
  @Test("Where DKMS could make no key, nothing is planned")
  func makeable() throws {
    func require(_ host: FakeHost) throws {
      try ModuleSigningKey.ofDKMS(root: host.root).requireMakeable(below: host.root)
    }
    #expect(refusal { try require(try FakeHost()) }?.message.contains("openssl") == true)
    try require(try FakeHost().write("/usr/bin/openssl", ""))
    try require(try host(nil))
  }

  @Test("The key is the one that DKMS's own configuration names, or the distribution's")
  func place() throws {
    let own = try FakeHost().write(
      "/etc/dkms/framework.conf", "# mok_certificate=/a\nmok_certificate=\"/etc/keys/own.der\"\n")
    #expect(ModuleSigningKey.ofDKMS(root: own.root).certificate == "/etc/keys/own.der")
    let ubuntu = try FakeHost().write("/etc/os-release", "ID=ubuntu\n")
    #expect(
      ModuleSigningKey.ofDKMS(root: ubuntu.root).certificate == "/var/lib/shim-signed/mok/MOK.der")
    let dynamic = try FakeHost().write(
      "/etc/dkms/framework.conf", "mok_certificate=/keys/$kernelver.der\n")
    #expect(ModuleSigningKey.ofDKMS(root: dynamic.root).certificate == "/var/lib/dkms/mok.pub")
  }
}

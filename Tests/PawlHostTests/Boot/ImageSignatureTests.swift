import Foundation
import PawlModel
import Testing

@testable import PawlHost

/// A lab's host had an unsigned kernel installed, as Pawl had advised: after the next restart GRUB started nothing.
@Suite(
  "Where the firmware checks what it starts, a kernel that it would refuse is refused before it is installed"
)
struct ImageSignatureTests {
  private let ground: LoaderGround
  private let image = "/boot/vmlinuz-\(LoaderGround.new)"
  private let efivars = "/sys/firmware/efi/efivars"
  private let key: [UInt8] = Array("the certificate of somebody".utf8)

  init() throws {
    ground = try LoaderGround()
    try ground.lay(EFIVariables.path("SecureBoot", of: EFIVariables.globalVendor), [6, 0, 0, 0, 1])
    try ground.lay(
      EFIVariables.path("db", of: EnrolledKeys.databaseVendor),
      [7, 0, 0, 0] + Self.list(Array("of the maker".utf8)))
    try ground.lay(EnrolledKeys.ownerList, Self.list(key, type: 0) + Self.list(key))
  }

  /// EFI_SIGNATURE_LIST; `type` replaces the first byte of that of certificates.
  private static func list(_ certificate: [UInt8], type: UInt8? = nil) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let x509: [UInt8] = [
      0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0,
      0x72,
    ]
    let size = certificate.count + 16
    return (type.map { [$0] + x509.dropFirst() } ?? x509) + word(28 + size) + word(0) + word(size)
      + [UInt8](repeating: 9, count: 16) + certificate
  }

  /// As much of a PE file as tells whether it has certificates.
  private static func pe(signed: Bool) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1024)
    bytes.replaceSubrange(0..<2, with: "MZ".utf8)
    bytes[0x3c] = 0x80
    bytes.replaceSubrange(0x80..<0x84, with: [0x50, 0x45, 0, 0])
    (bytes[0x98], bytes[0x99]) = (0x0b, 0x02)
    if signed { bytes[0x98 + 112 + 36] = 8 }
    return bytes
  }

  /// The program says yes to the one key, whichever file it lies in.
  private func obstacles(knowing wanted: [UInt8]? = nil) -> NewKernelObstacles {
    NewKernelObstacles(root: ground.root) { _, certificate in
      let text = (try? String(contentsOfFile: certificate, encoding: .utf8)) ?? ""
      let body = text.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
      return .present(Data(base64Encoded: body).map(Array.init) == wanted)
    }
  }

  private func fault(knowing wanted: [UInt8]? = nil) -> String? {
    refusal { try obstacles(knowing: wanted).require(LoaderGround.new) }?.message
  }

  @Test("what has no signature, or one by a key that is not enrolled, is refused")
  func refused() throws {
    try ground.lay(image, Self.pe(signed: false))
    #expect(fault(knowing: key)?.contains("is not signed") == true)
    try ground.lay(image, Self.pe(signed: true))
    #expect(fault()?.contains("a key that is not enrolled") == true)
    #expect(fault(knowing: key) == nil)
    #expect(fault(knowing: Array("of the maker".utf8)) == nil)
  }

  @Test("where it cannot be told, nothing is promised, and it is said why")
  func unknown() throws {
    try ground.lay(image, Self.pe(signed: true))
    let without = NewKernelObstacles(root: ground.root) { _, _ in .unreadable("no such program") }
    let found = refusal { try without.require(LoaderGround.new) }
    #expect(found?.message.contains("no such program") == true)
    try ground.remove(EnrolledKeys.ownerList)
    try ground.remove(EFIVariables.path("db", of: EnrolledKeys.databaseVendor))
    #expect(fault(knowing: key)?.contains("keys that are enrolled cannot be read") == true)
  }

  @Test(
    "a kernel that is still to be built is refused, tried or not, and a staged one is looked at")
  func beforehand() throws {
    let built = refusal { try obstacles().requireBeforehand(stage: nil, release: nil) }
    #expect(built?.hint?.contains("--root DIR") == true)
    try ground.lay("/stage\(image)", Self.pe(signed: true))
    let stage = ground.root.path("/stage")
    try obstacles(knowing: key).requireBeforehand(stage: stage, release: LoaderGround.new)
    #expect(
      refusal { try obstacles().requireBeforehand(stage: stage, release: LoaderGround.new) }?.code
        == .refused)
    try ground.remove(EFIVariables.path("SecureBoot", of: EFIVariables.globalVendor))
    try obstacles().requireBeforehand(stage: nil, release: nil)
  }

  @Test(
    "lists of keys that are cut off or lie about their sizes end where they make no sense",
    arguments: [0, 1, 27, 28, 40, 60])
  func damaged(_ count: Int) {
    let whole = Self.list(key)
    #expect(
      EnrolledKeys.certificates(in: whole + whole.prefix(count)).count
        == (count >= whole.count ? 2 : 1))
    for place in 16..<28 {
      var bytes = whole
      bytes[place] = 0xff
      _ = EnrolledKeys.certificates(in: bytes)
      _ = ImageSignature.isSigned(bytes)
    }
    #expect(!ImageSignature.isSigned([UInt8]("MZ".utf8) + [UInt8](repeating: 0xff, count: 200)))
  }
}

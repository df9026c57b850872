/// The certificates by whose keys the firmware, and shim behind it, starts what is signed: `db` of the firmware, and
/// the keys of machine owner and distribution that shim shows. (UEFI specification, 32.4.1; shim: MokVars.txt)
struct EnrolledKeys {
  /// EFI_IMAGE_SECURITY_DATABASE_GUID.
  static let databaseVendor = "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
  /// Whole, where a variable would be too small.
  static let ownerList = "/sys/firmware/efi/mok-variables/MokListRT"

  let root: HostRoot

  /// DER.
  var certificates: [[UInt8]] {
    let variables = EFIVariables(root: root)
    let lists = [
      variables.bytes("db", of: Self.databaseVendor).value,
      root.read(Self.ownerList, limit: 1 << 20).value
        ?? variables.bytes("MokListRT", of: EFIVariables.shimVendor).value,
    ]
    return lists.compactMap(\.self).flatMap(Self.certificates(in:))
  }

  /// EFI_CERT_X509_GUID as it lies in memory.
  private static let x509: [UInt8] = [
    0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a, 0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72,
  ]
  private static let listHeader = 28
  private static let owner = 16

  /// EFI_SIGNATURE_LIST, one behind the other; the first that makes no sense ends it.
  static func certificates(in bytes: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var rest = bytes[...]
    while rest.count >= listHeader {
      let start = rest.startIndex
      let (size, header, entry) = (
        rest.word(start + 16), rest.word(start + 20), rest.word(start + 24)
      )
      guard size >= listHeader, size <= rest.count, header <= size - listHeader, entry > owner
      else { break }
      let list = rest[start..<(start + size)]
      if list.prefix(16).elementsEqual(x509) {
        var entries = list.dropFirst(listHeader + header)
        while entries.count >= entry {
          found.append(Array(entries.prefix(entry).dropFirst(owner)))
          entries = entries.dropFirst(entry)
        }
      }
      rest = rest.dropFirst(size)
    }
    return found
  }
}

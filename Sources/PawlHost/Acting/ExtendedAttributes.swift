import CPawl
import Foundation
import Glibc
import PawlModel

/// The extended attributes of an open file, by name, values in base64: access lists, the SELinux
/// label, capabilities and what users set.
enum ExtendedAttributes {
  /// Empty where the file system has none.
  static func read(_ file: Descriptor, path: String) throws -> [String: String] {
    var attributes: [String: String] = [:]
    for name in try names(of: file, path: path) {
      // One that vanished between the listing and now is as good as never set.
      guard let value = try value(of: name, file, path: path) else { continue }
      attributes[name] = Data(value).base64EncodedString()
    }
    return attributes
  }

  /// Makes the attributes those that are wanted. What the kernel set of itself on a new file (a
  /// label by policy) stays unless another value is wanted; an inherited access list does not.
  static func write(_ wanted: [String: String], to file: Descriptor, path: String) throws {
    let refused = try give(wanted, to: file, path: path).min { $0.key < $1.key }
    if let (name, code) = refused { throw systemFault(code, "set the attribute \(name) of", path) }
  }

  /// The same as far as the kernel lets; answers with its refusals.
  static func give(_ wanted: [String: String], to file: Descriptor, path: String) throws
    -> [String: Int32]
  {
    for name in try names(of: file, path: path)
    where wanted[name] == nil && (name.hasPrefix("user.") || name.hasPrefix("system.posix_acl")) {
      let result = pawl_remove_attribute(file.raw, name)
      if result != -ENODATA { try checked(result, "remove the attribute \(name) of", path) }
    }
    var refused: [String: Int32] = [:]
    for (name, encoded) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let value = Data(base64Encoded: encoded).map([UInt8].init) else {
        throw PawlError(
          .damagedJournal, "The recorded attribute \(name) of \(path) is not base64.")
      }
      guard try self.value(of: name, file, path: path) != value else { continue }
      let result = pawl_set_attribute(file.raw, name, value, value.count)
      if result < 0 { refused[name] = -result }
    }
    return refused
  }

  /// Those of a file whose bytes are about to be replaced by others. Signatures and hashes that
  /// belong to the old bytes go, and whoever is not root cannot pass on what only root may set.
  static func keptForNewBytes(_ attributes: [String: String], as identity: Identity)
    -> [String: String]
  {
    attributes.filter { name, _ in
      if name == "security.ima" || name == "security.evm" { return false }
      return identity.isRoot || !(name == "security.capability" || name.hasPrefix("trusted."))
    }
  }

  private static func names(of file: Descriptor, path: String) throws -> [String] {
    var size = pawl_list_attributes(file.raw, nil, 0)
    while true {
      if size == 0 || isUnsupported(Int32(-size)) { return [] }
      if size < 0 { throw systemFault(Int32(-size), "list the attributes of", path) }
      var buffer = [CChar](repeating: 0, count: Int(size))
      let count = pawl_list_attributes(file.raw, &buffer, buffer.count)
      if count == Int64(-ERANGE) {
        size = pawl_list_attributes(file.raw, nil, 0)
        continue
      }
      if count < 0 { throw systemFault(Int32(-count), "list the attributes of", path) }
      let bytes = buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }
      return try bytes.split(separator: 0).map { try text([UInt8]($0), path: path) }
    }
  }

  private static func value(of name: String, _ file: Descriptor, path: String) throws -> [UInt8]? {
    // The kernel's bound on a value.
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = pawl_get_attribute(file.raw, name, &buffer, buffer.count)
    if count == Int64(-ENODATA) || count < 0 && isUnsupported(Int32(-count)) { return nil }
    if count < 0 { throw systemFault(Int32(-count), "read the attribute \(name) of", path) }
    return [UInt8](buffer.prefix(Int(count)))
  }
}

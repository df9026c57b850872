import CPawl
import Foundation
import Glibc
import Testing

/// All of a file that has to come back, but its attributes.
struct Standing: Equatable {
  var bytes: Data
  var mode: UInt32
  var uid: UInt32
  var gid: UInt32
  var modifiedNanos: Int64

  init(_ path: String) throws {
    var found = pawl_standing()
    try #require(pawl_stat_following(path, &found) == 0)
    bytes = try Data(contentsOf: URL(filePath: path))
    mode = found.mode & 0o7777
    uid = found.uid
    gid = found.gid
    modifiedNanos = found.modified_nanos
  }
}

private func withFile<Value>(_ path: String, _ body: (Int32) throws -> Value) throws -> Value {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  try #require(file >= 0)
  defer { close(file) }
  return try body(file)
}

func setModified(_ path: String, seconds: Int64, nanos: Int64) throws {
  try withFile(path) { try #require(pawl_set_modified($0, seconds, nanos) == 0) }
}

/// False where the file system has no attributes.
func setAttribute(_ name: String, _ value: String, of path: String) -> Bool {
  let result = try? withFile(path) { pawl_set_attribute($0, name, value, value.utf8.count) }
  return result == 0
}

func attribute(_ name: String, of path: String) -> String? {
  var value = [UInt8](repeating: 0, count: 256)
  let count = try? withFile(path) { pawl_get_attribute($0, name, &value, value.count) }
  guard let count, count >= 0 else { return nil }
  return String(decoding: value.prefix(Int(count)), as: UTF8.self)
}

import CPawl
import Foundation
import Glibc

/// Small means of tests to arrange a host: never of the code under test.
enum Shell {
  @discardableResult
  static func run(_ argv: String...) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = argv
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// False where the file system has no such attributes.
  static func setAttribute(_ name: String, _ value: [UInt8], _ path: String) -> Bool {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(opened) }
    return pawl_set_attribute(opened, name, value, value.count) == 0
  }
}

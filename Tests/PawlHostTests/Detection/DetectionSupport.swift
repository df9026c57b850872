import Foundation

@testable import PawlHost

/// The folder that holds the folders of all fake hosts of this run, removed when the run ends.
private let scratch: URL = {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "pawl-detect-\(UUID().uuidString)")
  atexit { try? FileManager.default.removeItem(at: scratch) }
  return folder
}()

/// A small system in a temporary folder of its own.
struct FakeHost: Sendable {
  let root: HostRoot

  var path: String { root.path }

  init() throws {
    let folder = scratch.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    root = HostRoot(path: folder.path)
  }

  @discardableResult
  func write(_ path: String, _ text: String = "") throws -> FakeHost {
    try write(path, bytes: Array(text.utf8))
  }

  @discardableResult
  func write(_ path: String, bytes: [UInt8]) throws -> FakeHost {
    try folder(path.split(separator: "/").dropLast().joined(separator: "/"))
    try Data(bytes).write(to: URL(fileURLWithPath: root.path("/" + path.trimmedSlash)))
    return self
  }

  @discardableResult
  func folder(_ path: String) throws -> FakeHost {
    try FileManager.default.createDirectory(
      atPath: root.path("/" + path.trimmedSlash), withIntermediateDirectories: true)
    return self
  }

  @discardableResult
  func link(_ path: String, to target: String) throws -> FakeHost {
    try folder(path.split(separator: "/").dropLast().joined(separator: "/"))
    try FileManager.default.createSymbolicLink(
      atPath: root.path("/" + path.trimmedSlash), withDestinationPath: target)
    return self
  }

  /// A running kernel.
  @discardableResult
  func running(_ release: String) throws -> FakeHost {
    try write("/proc/sys/kernel/osrelease", release + "\n")
  }
}

extension String {
  fileprivate var trimmedSlash: String { hasPrefix("/") ? String(dropFirst()) : self }
}

/// Files of real systems, kept beside the project; tests that read them are skipped without them.
enum SharedData {
  static let missing: String =
    "the folder shared/data with files of real systems is not here (set PAWL_SHARED_DATA)"

  /// The folder, from `PAWL_SHARED_DATA` or found upward from this file.
  static let folder: String? = {
    if let named = ProcessInfo.processInfo.environment["PAWL_SHARED_DATA"] {
      return FileManager.default.fileExists(atPath: named) ? named : nil
    }
    var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("shared/data").path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }()

  static var isHere: Bool { folder != nil }

  /// A file's bytes, unpacked where its name ends in `.gz`; empty when it cannot be read.
  static func bytes(_ path: String) -> [UInt8] {
    guard let bytes = HostRoot(path: folder ?? "/").read("/" + path).value else { return [] }
    return path.hasSuffix(".gz") ? Gzip.unpack(bytes).value ?? [] : bytes
  }

  static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

  static func names(_ path: String) -> [String] {
    HostRoot(path: folder ?? "/").list("/" + path).value ?? []
  }
}

/// A tree of kernel sources with its Kconfig and Kbuild files, for tests that need a real one.
enum KernelTree {
  static let missing: String =
    "no kernel source is at hand (set PAWL_KERNEL_TREE to an unpacked Linux 6.1 tree)"
  static let path: String? = ProcessInfo.processInfo.environment["PAWL_KERNEL_TREE"].flatMap {
    FileManager.default.fileExists(atPath: $0 + "/Kconfig") ? $0 : nil
  }
}

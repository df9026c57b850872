import Glibc

/// The input under test, in a file: a trap ends the process and leaves the input that did it; so does
/// one that takes more than ten seconds.
public struct LastInput {
  private let file: Int32

  /// nil where the file cannot be written; `errno` says why.
  public init?(path: String) {
    file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
  }

  public func run<Value>(_ bytes: [UInt8], _ body: ([UInt8]) -> Value) -> Value {
    _ = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    ftruncate(file, off_t(bytes.count))
    alarm(10)
    defer { alarm(0) }
    return body(bytes)
  }
}

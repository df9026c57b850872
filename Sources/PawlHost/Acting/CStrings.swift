import Glibc

/// A null-terminated list of C strings, as programs get their arguments and environment.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  copies.append(nil)
  defer { copies.forEach { free($0) } }
  return copies.withUnsafeMutableBufferPointer { buffer in
    withExtendedLifetime(buffer) {
      buffer.baseAddress.map { body(UnsafePointer($0)) } ?? body([nil])
    }
  }
}

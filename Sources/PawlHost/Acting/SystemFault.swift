import Glibc
import PawlModel

/// A failed system call as a sentence: what was tried, on which path, and the kernel's reason.
func systemFault(_ code: Int32, _ doing: String, _ path: String) -> PawlError {
  let message = "Cannot \(doing) \(path): \(reason(code))."
  switch code {
  case ENOSPC, EDQUOT:
    return PawlError(
      .diskFull, message, hint: "Free some space there; `pawl status` says how to go on.")
  case EACCES, EPERM:
    return PawlError(
      .notAllowed, message, hint: "Check owner, mode and attributes of the file and its folder.")
  case ENOENT:
    return PawlError(.noInput, message, hint: "Check that the path is right and mounted.")
  case ENOTDIR, ELOOP:
    return PawlError(
      .refused, message, hint: "A folder of the path is a file or a link that is not trusted.")
  case EBUSY:
    return PawlError(.refused, message, hint: "Something is mounted there, or it is in use.")
  case EROFS:
    return PawlError(
      .inputOutput, message,
      hint: "The file system is read-only; the kernel's log says whether a fault made it so.")
  case EIO:
    return PawlError(
      .inputOutput, message, hint: "The device reported a fault; look at the kernel's log.")
  default:
    return PawlError(.inputOutput, message)
  }
}

/// The kernel's reason for a failure, in its usual words.
func reason(_ code: Int32) -> String {
  var text = [CChar](repeating: 0, count: 128)
  guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The result of a call of the C room, which answers the negative of errno.
@discardableResult
func checked(_ result: Int32, _ doing: String, _ path: String) throws(PawlError) -> Int32 {
  guard result >= 0 else { throw systemFault(-result, doing, path) }
  return result
}

/// The result of a call of the C library, which answers -1 and sets errno; repeated on EINTR.
@discardableResult
func calling<Number: FixedWidthInteger>(
  _ doing: String, _ path: String, _ call: () -> Number
) throws(PawlError) -> Number {
  while true {
    let result = call()
    if result >= 0 { return result }
    let code = errno
    guard code == EINTR else { throw systemFault(code, doing, path) }
  }
}

/// What a file system answers that does not know an optional operation.
func isUnsupported(_ code: Int32) -> Bool {
  [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP, ENOTTY].contains(code)
}

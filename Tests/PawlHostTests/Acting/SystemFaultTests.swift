import Glibc
import PawlModel
import Testing

@testable import PawlHost

@Suite struct SystemFaultTests {
  @Test(
    "a failed call has the exit status that its cause calls for",
    arguments: [
      (ENOSPC, PawlError.Code.diskFull), (EDQUOT, .diskFull), (EACCES, .notAllowed),
      (EPERM, .notAllowed), (EIO, .inputOutput), (EROFS, .inputOutput), (ENOENT, .noInput),
      (EBUSY, .refused),
    ])
  func codes(_ code: Int32, _ expected: PawlError.Code) {
    let error = systemFault(code, "write", "/boot/vmlinuz")
    #expect(error.code == expected)
    #expect(error.message.hasPrefix("Cannot write /boot/vmlinuz: "))
    #expect(error.hint != nil)
  }

  @Test("a full disk is told in the kernel's words")
  func words() {
    #expect(
      systemFault(ENOSPC, "write", "/boot/x").message
        == "Cannot write /boot/x: No space left on device.")
  }

  @Test("a write to a full device fails as a full disk")
  func fullDevice() throws {
    let full = try Descriptor(taking: open("/dev/full", O_WRONLY), "open", "/dev/full")
    #expect(throws: PawlError.self) { try full.write([1, 2, 3], path: "/dev/full") }
    do { try full.write([1], path: "/dev/full") } catch { #expect(error.code == .diskFull) }
  }
}

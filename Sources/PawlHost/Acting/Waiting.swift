import Glibc

/// Waits until one of the descriptors is readable or the time is up.
func awaitReadable(_ descriptors: [Int32], milliseconds: Int64) -> [Bool] {
  var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  let limit = Int32(clamping: max(0, milliseconds))
  guard poll(&polled, nfds_t(polled.count), limit) > 0 else {
    return descriptors.map { _ in false }
  }
  return polled.map { $0.revents != 0 }
}

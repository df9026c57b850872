import CPawl
import Glibc
import PawlModel
import Synchronization

/// Runs the asynchronous parts of a task on the thread that waits for it. The shared pool of
/// Swift has as many threads as cores: a caller that blocked one of them while its child's task
/// waits for another would wait for ever on a small machine. It also means that nothing about the
/// child (its reaping above all) happens while the caller is doing something else.
final class CallerExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  /// Readable while there are jobs.
  let wake: Descriptor

  init() throws {
    wake = try Descriptor(taking: pawl_make_wake(), "make", "an event descriptor")
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    pawl_wake(wake.raw)
  }

  /// Runs what is there, and what that enqueues, until nothing is left to do at once.
  func runJobs() {
    pawl_clear_wake(wake.raw)
    while true {
      let taken = jobs.withLock { jobs in
        defer { jobs.removeAll() }
        return jobs
      }
      if taken.isEmpty { return }
      for job in taken { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }
}

/// Waits until one of the descriptors is readable or the time is up.
func awaitReadable(_ descriptors: [Int32], milliseconds: Int64) -> [Bool] {
  var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  let limit = Int32(clamping: max(0, milliseconds))
  guard poll(&polled, nfds_t(polled.count), limit) > 0 else {
    return descriptors.map { _ in false }
  }
  return polled.map { $0.revents != 0 }
}

import CPawl
import Glibc
import PawlModel
import Synchronization

/// Runs the asynchronous parts of a task on the thread that waits for it. The shared pool of
/// Swift has as many threads as cores: a caller that blocked one of them while its child's task
/// waits for another would wait for ever on a small machine. It also means that nothing about the
/// child (its reaping above all) happens while the caller is doing something else.
final class CallerExecutor: TaskExecutor {
  private struct Queue {
    var jobs: [UnownedJob] = []
    var isClosed = false
  }

  private let queue = Mutex(Queue())
  /// Readable while there are jobs.
  let wake: Descriptor

  init() throws {
    wake = try Descriptor(taking: pawl_make_wake(), "make", "an event descriptor")
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isClosed = queue.withLock { queue in
      if !queue.isClosed { queue.jobs.append(job) }
      return queue.isClosed
    }
    if isClosed { globalConcurrentExecutor.enqueue(job) } else { pawl_wake(wake.raw) }
  }

  /// Runs what is there, and what that enqueues, until nothing is left to do at once.
  func runJobs() {
    pawl_clear_wake(wake.raw)
    while true {
      let jobs = queue.withLock { queue in
        defer { queue.jobs.removeAll() }
        return queue.jobs
      }
      if jobs.isEmpty { return }
      for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  /// The caller goes its way: what is still to do is left to the shared pool.
  func close() {
    let jobs = queue.withLock { queue in
      defer { queue.jobs.removeAll() }
      queue.isClosed = true
      return queue.jobs
    }
    for job in jobs { globalConcurrentExecutor.enqueue(job) }
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

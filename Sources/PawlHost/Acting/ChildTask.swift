import CPawl
import Glibc
import PawlModel
import Subprocess
import Synchronization
import SystemPackage

/// A child under way. It is not reaped before `release`: until then its pid, which is also that
/// of its group, can mean nothing else, and signals to it cannot hit a stranger.
final class ChildTask: Sendable {
  private struct State {
    var pid: pid_t?
    var hold: CheckedContinuation<Void, Never>?
    var isReleased = false
    var failure: String?
  }

  private let state = Mutex(State())

  var pid: pid_t? { state.withLock { $0.pid } }
  /// Why it could not be started.
  var failure: String? { state.withLock { $0.failure } }

  /// Starts it; everything then happens while the executor's owner lets its jobs run.
  func start(_ configuration: Configuration, output: Descriptor, on executor: CallerExecutor) {
    Task(executorPreference: executor) {
      let file = FileDescriptor(rawValue: output.raw)
      do {
        _ = try await Subprocess.run(
          configuration, input: .none,
          output: .fileDescriptor(file, closeAfterSpawningProcess: false),
          // Not `combinedWithOutput`: that copies the descriptor for each child and keeps the copy.
          error: .fileDescriptor(file, closeAfterSpawningProcess: false)
        ) { execution in
          await self.hold(execution.processIdentifier.value)
        }
      } catch {
        self.state.withLock { $0.failure = "\(error)" }
      }
      _ = output
    }
  }

  func release() {
    let hold = state.withLock { state in
      defer { state.hold = nil }
      state.isReleased = true
      return state.hold
    }
    hold?.resume()
  }

  private func hold(_ pid: pid_t) async {
    await withCheckedContinuation { continuation in
      let isReleased = state.withLock { state in
        state.pid = pid
        if !state.isReleased { state.hold = continuation }
        return state.isReleased
      }
      if isReleased { continuation.resume() }
    }
  }
}

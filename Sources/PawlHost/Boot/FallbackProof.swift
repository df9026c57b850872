import Glibc
import PawlModel

/// Whether what lies on disk is what this boot began with. A kernel whose initramfs was made anew since
/// has not been seen to boot: a file in modprobe.d may have broken it, and nobody would know yet.
public struct FallbackProof {
  private let root: HostRoot

  public init(root: HostRoot) { self.root = root }

  /// Sentences; empty where nothing speaks against it.
  public func doubts(about release: String, loader: any BootLoader) -> [String] {
    guard let entry = try? loader.distributionEntry(of: release) else { return [] }
    guard let began = bootTime else { return ["When this boot began cannot be told."] }
    return entry.files.compactMap { path in
      guard let changed = Standing.following(root.path(path))?.changedNanos else { return nil }
      return changed / 1_000_000_000 > began ? "\(path) was made anew since this boot began." : nil
    }
  }

  /// Seconds since 1970 (`btime` of /proc/stat): a clock that is set moves it along.
  private var bootTime: Int64? {
    let lines = root.text("/proc/stat").value?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix("btime ") }.flatMap { Int64($0.dropFirst(6)) }
  }
}

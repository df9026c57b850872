import Glibc
import PawlModel

/// That a one-shot was found still set in this boot, before it was taken back: who judges the trial
/// later finds it gone, and would take the trial for one that was begun. In memory, so that it is of
/// this boot alone.
public struct LoaderMemory {
  private let root: HostRoot
  private let files: any HostFiles
  private let identity: Identity

  public init(root: HostRoot = .live, files: any HostFiles, identity: Identity) {
    self.root = root
    self.files = files
    self.identity = identity
  }

  /// Where it cannot be kept, the trial counts as begun: never is a kernel that hangs started twice.
  public func rememberStillSet(_ terms: TrialTerms) {
    let place = root.path(Self.path(terms))
    guard let present = try? files.state(at: place), present == .absent else { return }
    _ = try? files.publish(
      at: place, metadata: nil, mode: 0o600, replacing: present, as: identity
    ) { try $0(Array("still set when this boot began\n".utf8)) }
  }

  public func wasStillSet(_ terms: TrialTerms) -> Bool { root.exists(Self.path(terms)) }

  private static func path(_ terms: TrialTerms) -> String {
    "/run/pawl-one-shot-" + SHA256.hash(Array(terms.token.utf8)).hex.prefix(16)
  }
}

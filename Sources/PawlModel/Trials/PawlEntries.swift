/// Pawl's own part of the boot menu, as it is to be: written to `/boot/pawl/entries.json`, and made
/// true in the loader by `BootLoader.write`. Whatever else happens to the menu, this file says what
/// Pawl wants of it.
public struct PawlEntries: Codable, Sendable, Hashable {
  /// A copy of the kernel that is known to boot, of Pawl's own, so that no package's hook and no
  /// other plan changes it. First in the menu: a loader that finds nothing starts what is first.
  public var fallback: BootEntry
  /// Another kernel, started once, with `TrialArguments` on its command line.
  public var trial: BootEntry?
  /// The loader's own entry of a kernel that has proved itself: what a plain boot starts. nil: a
  /// plain boot starts the fallback.
  public var promoted: BootEntry?
  /// Of the trial; stands on its command line.
  public var token: String?
  /// Which kernels these entries start (`uname -r`), by id; that of `promoted` by its loader's id. What
  /// a loader calls an image tells nothing: systemd-boot's are all named `linux`.
  public var releases: [String: String]
  /// Image and initrds of all these entries, by path, as they were when the entry was made.
  public var files: [String: Digest]

  public static let fallbackID = "pawl-fallback"
  public static let trialID = "pawl-trial"
  /// As a path of the running system.
  public static let path = "/boot/pawl/entries.json"

  public init(
    fallback: BootEntry, trial: BootEntry? = nil, promoted: BootEntry? = nil,
    token: String? = nil, releases: [String: String] = [:], files: [String: Digest]
  ) {
    self.fallback = fallback
    self.trial = trial
    self.promoted = promoted
    self.token = token
    self.releases = releases
    self.files = files
  }

  /// What a boot starts that nobody interferes with.
  public var chosen: BootEntry { promoted ?? fallback }

  public var fallbackRelease: String? { releases[fallback.id] }
  public var trialRelease: String? { trial.flatMap { releases[$0.id] } }
  public var promotedRelease: String? { promoted.flatMap { releases[$0.id] } }

  /// Pawl's entries, in the order of the menu.
  public var own: [BootEntry] { [fallback] + [trial].compactMap(\.self) }
}

import PawlModel

/// Everything that can be told apart after a restart, multiplied out.
struct Situation {
  static let expected = [
    ExpectedBoot(armedIn: "boot-1", token: "7.1", trial: .new, fallback: .old),
    ExpectedBoot(armedIn: "boot-1", token: "7.1", trial: .newOfUnknownVersion, fallback: .old),
    ExpectedBoot(armedIn: "boot-1", token: "7.1", trial: .newWithoutBuildID, fallback: .old),
    ExpectedBoot(armedIn: "boot-1", token: "7.1", trial: .releaseAlone, fallback: .old),
    ExpectedBoot(armedIn: "boot-1", token: "", trial: .new, fallback: .old),
  ]
  static let bootIDs = ["boot-1", "boot-2"]
  static let commandLines = [
    "ro quiet", "ro pawl.trial=7.1 quiet", "pawl.trial=7.2", "pawl.trial=7.1 pawl.trial=7.2",
    "pawl.trial=7.11", "xpawl.trial=7.1", "ro -- pawl.trial=7.1", "pawl.trial=",
    "a=\"b pawl.trial=7.1\"", "pawl.trial=\"7.1\"", "",
  ]
  static let releases = ["6.1.0-old", "6.6.1-pawl1", "5.10.0-third"]
  static let versions = ["#1 old", "#1 new", "#2 other"]
  static let buildIDs: [String?] = [nil, "0ld", "4e3", "0bad"]

  let expected: ExpectedBoot
  let present: BootIdentity
  let loader: LoaderTrace
  let isCrashKernel: Bool

  var verdict: BootVerdict {
    BootVerdict(
      expected: expected, present: present, loader: loader, isCrashKernel: isCrashKernel)
  }

  static func forEach(_ body: (Situation) -> Void) {
    for expected in expected {
      forEachIdentity { present in
        for loader in loaders {
          for crash in [false, true] {
            body(
              Situation(
                expected: expected, present: present, loader: loader, isCrashKernel: crash))
          }
        }
      }
    }
  }

  static let loaders: [LoaderTrace] = LoaderTrace.OneShot.allCases.flatMap { oneShot in
    LoaderTrace.TriedMark.allCases.flatMap { tried in
      [true, false].map {
        LoaderTrace(oneShot: oneShot, tried: tried, oneShotWasRecorded: $0)
      }
    }
  }

  private static func forEachIdentity(_ body: (BootIdentity) -> Void) {
    for bootID in bootIDs {
      for commandLine in commandLines {
        for release in releases {
          for version in versions {
            for buildID in buildIDs {
              body(
                BootIdentity(
                  bootID: bootID, release: release, version: version, buildID: buildID,
                  commandLine: commandLine))
            }
          }
        }
      }
    }
  }
}

extension KernelIdentity {
  static let old = KernelIdentity(
    release: "6.1.0-old", version: "#1 old", buildID: "0ld")
  static let new = KernelIdentity(
    release: "6.6.1-pawl1", version: "#1 new", buildID: "4e3")
  static let newOfUnknownVersion = KernelIdentity(
    release: "6.6.1-pawl1", version: nil, buildID: "4e3")
  static let newWithoutBuildID = KernelIdentity(
    release: "6.6.1-pawl1", version: "#1 new", buildID: nil)
  static let releaseAlone = KernelIdentity(
    release: "6.6.1-pawl1", version: nil, buildID: nil)
}

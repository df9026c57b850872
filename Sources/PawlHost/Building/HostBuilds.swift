import PawlModel

/// What a long build needs of a machine so that it survives a kill and a power cut.
public protocol HostBuilds {
  /// The folder as it stands; nil where there is none. `searchPath` is the `PATH` that the build
  /// has, `sources` the trees that it compiles.
  func buildTree(
    at folder: String, searchPath: String, sources: [String], as identity: Identity
  ) throws -> BuildTree?

  /// Makes the folder, with the mark that allows to remove files in it later. One that is there
  /// is marked where it is empty; else it is left as it is.
  func makeBuildFolder(at folder: String, as identity: Identity) throws

  /// Notes in the folder that a build is going on, and answers the time that its file system gave
  /// the note: nanoseconds since 1970.
  func openBuild(at folder: String, as identity: Identity) throws -> Int64
  func closeBuild(at folder: String, as identity: Identity) throws

  /// The earliest start of a program of the group that is at work now, `make` itself apart; now
  /// where there is none. Nanoseconds since 1970.
  func earliestStart(inGroup group: Int32) -> Int64
  func earliestStart(token: String) -> Int64?

  /// Removes what the treatment says. With `clean` everything but `.config`. No link is followed.
  func treatBuild(
    at folder: String, _ treatment: TreeTreatment, as identity: Identity
  ) throws -> TreeRepair

  /// For the next runner, should this one be killed: outlives a process, not a power cut.
  func keepSample(_ sample: CutoffSample, at path: String)
  func sample(at path: String) -> CutoffSample?
}

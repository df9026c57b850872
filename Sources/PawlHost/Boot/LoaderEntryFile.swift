import Glibc
import PawlModel

/// An entry file, with what its paths mean on the running system.
struct LoaderEntryFile {
  let file: TypeOneEntry
  let path: String
  let image: String
  let initrds: [String]
  private let ownNames: OwnEntryNames

  /// nil for an entry that starts nothing, or something outside of what is mounted.
  init?(file: TypeOneEntry, folder: String, partition: LoaderVolume, ownNames: OwnEntryNames) {
    guard let image = file.image.flatMap(partition.inSystem) else { return nil }
    self.file = file
    self.ownNames = ownNames
    path = "\(folder)/\(file.fileName)"
    self.image = image
    initrds = file.initrds.compactMap(partition.inSystem)
  }

  var isOwn: Bool { ownNames.id(of: file.id) != nil }

  /// As this adapter's callers know it.
  var id: String { ownNames.id(of: file.id) ?? file.id }

  var entry: BootEntry {
    BootEntry(
      id: id, title: file.title ?? file.id, image: image, initrds: initrds,
      commandLine: file.commandLine)
  }

  /// kernel-install puts the image into a folder named after the release; sdbootutil writes the number of a
  /// snapshot before the version: `1@6.17.5-1-default`.
  var release: String? {
    guard let version = file.version else {
      return image.split(separator: "/").dropLast().last.map(String.init)
    }
    guard let sign = version.firstIndex(of: "@"), version[..<sign].allSatisfy(\.isNumber) else {
      return version
    }
    return String(version[version.index(after: sign)...])
  }

  /// The folder of a btrfs that it has for its root, from the top of it; nil where it names none.
  var subvolume: String? {
    let flags = file.commandLine.words().last { $0.hasPrefix("rootflags=") }
    let volume = flags?.dropFirst("rootflags=".count).split(separator: ",")
      .last { $0.hasPrefix("subvol=") }
    return volume.map { LoaderVolume.normal(String($0.dropFirst("subvol=".count))) }
  }

  /// `names`: what the images of that release are called by, where nobody wrote down a version.
  func isOf(_ release: String, _ names: [String]) -> Bool {
    if self.release == release { return true }
    return file.version == nil && names.contains { image.hasSuffix("/vmlinuz-\($0)") }
  }

  /// `pattern` in lower case. The loader compares with the whole name of the file; newer ones are
  /// said to leave out the counter.
  func matches(_ pattern: String) -> Bool {
    [file.fileName, file.id].contains { fnmatch(pattern, $0.lowercased(), 0) == 0 }
  }
}

/// A file on a drive as Windows names it, `C:\Users\me\kernel`: what `.wslconfig` names files by. Shares of
/// other machines are none: WSL has no network when it reads its kernel.
public struct WindowsPath: Sendable, Hashable {
  /// In capitals.
  public let drive: String
  public let parts: [String]

  /// nil for what is relative, on no drive, or has signs that no name of Windows may have. (Microsoft:
  /// "Naming Files, Paths, and Namespaces")
  public init?(_ text: String) {
    let letter = text.prefix(1).uppercased()
    let rest = text.dropFirst()
    guard letter.utf8.count == 1, ("A"..."Z").contains(letter), rest.hasPrefix(":") else {
      return nil
    }
    let path = rest.dropFirst()
    guard path.first == "\\" || path.first == "/" else { return nil }
    self.init(drive: letter, parts: path.split { $0 == "\\" || $0 == "/" }.map(String.init))
  }

  private init?(drive: String, parts: [String]) {
    guard parts.allSatisfy(Self.isName) else { return nil }
    self.drive = drive
    self.parts = parts
  }

  public var text: String { "\(drive):\\" + parts.joined(separator: "\\") }

  public func appending(_ name: String) -> WindowsPath? {
    WindowsPath(drive: drive, parts: parts + [name])
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && name.unicodeScalars.allSatisfy { $0.value >= 32 && !forbidden.contains($0) }
  }

  private static let forbidden = Set("<>:\"/\\|?*".unicodeScalars)
}

extension WindowsSide {
  /// Where a file of Windows is seen from here; nil where its drive is not mounted.
  public func place(of path: WindowsPath) -> String? {
    guard let drive = drives.first(where: { $0.letter == path.drive }) else { return nil }
    let folder = drive.mountPoint == "/" ? "" : drive.mountPoint
    return ([folder] + path.parts).joined(separator: "/")
  }

  /// How Windows names what is seen here; nil where it lies on none of its drives.
  public func windowsPath(of place: String) -> WindowsPath? {
    let holding = drives.filter { place == $0.mountPoint || place.hasPrefix($0.mountPoint + "/") }
    guard let drive = holding.max(by: { $0.mountPoint.count < $1.mountPoint.count }) else {
      return nil
    }
    return WindowsPath("\(drive.letter):/" + place.dropFirst(drive.mountPoint.count))
  }
}

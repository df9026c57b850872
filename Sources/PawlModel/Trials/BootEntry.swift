/// One entry of a boot menu, resolved to what it starts.
public struct BootEntry: Codable, Sendable, Hashable {
  /// As the loader names it when it is to be started once or by default: for GRUB the ids from the
  /// outermost submenu inwards, joined by `>`; for systemd-boot the file's name; for extlinux the label.
  public var id: String
  public var title: String
  /// The kernel image as a path of the running system, `/boot/vmlinuz-6.1.0` say.
  public var image: String
  public var initrds: [String]
  /// Without the image.
  public var commandLine: String

  /// All that the loader has to read to start it, the image first.
  public var files: [String] { [image] + initrds }

  public init(id: String, title: String, image: String, initrds: [String], commandLine: String) {
    self.id = id
    self.title = title
    self.image = image
    self.initrds = initrds
    self.commandLine = commandLine
  }
}

import Foundation
import PawlModel

/// A kernel's configuration as the kernel itself keeps it, /proc/config.gz (CONFIG_IKCONFIG_PROC): on Arch
/// there is no other.
public struct PackedConfig {
  private let path: String

  public init(path: String) { self.path = path }

  /// May be repeated; what stood there is replaced whole.
  public func unpack(to place: String, with files: any HostFiles) throws {
    let packed = HostRoot.live.read(path)
    guard let bytes = packed.value.map({ Gzip.unpack($0) }), let text = bytes.value,
      text.starts(with: "#".utf8) || text.starts(with: "CONFIG_".utf8)
    else {
      throw PawlError(
        .stepFailed,
        "\(path) cannot be unpacked: \(packed.reason ?? "it is no configuration in gzip").",
        hint: "Name another configuration: --set config=FILE")
    }
    let identity = LiveHost.ownIdentity()
    try files.makeFolder(
      at: (place as NSString).deletingLastPathComponent, mode: 0o755, as: identity)
    _ = try files.publish(
      at: place, metadata: nil, mode: 0o644, replacing: files.state(at: place), as: identity
    ) { try $0(text) }
    print("Unpacked \(text.count) bytes of \(path).")
  }
}

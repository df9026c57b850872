import Foundation
import PawlModel

/// The virtual disk that WSL mounts below `/lib/modules/RELEASE`: an ext4 file system whose top is the
/// folder of modules itself, which every WSL from 2.5.1 on reads. (WSL2-Linux-Kernel: gen_modules_vhdx.sh;
/// WSL#41248 for the layout that only newer ones read.) Made without root: no loop device, no mount.
struct WSLModulesDisk {
  let modules: String
  let disk: String

  func make(with tool: Tool) throws {
    let image = disk + ".ext4"
    let owners = disk + ".owners"
    defer { [image, owners].forEach { try? FileManager.default.removeItem(atPath: $0) } }
    let names = try names()
    try tool.run([
      "mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-N", "\(names.count + 1024)",
      "-E", "root_owner=0:0", "-d", modules, image, "\(try kibibytes(names))k",
    ])
    try Data(Self.giveToRoot(names).utf8).write(to: URL(fileURLWithPath: owners))
    try tool.run(["debugfs", "-w", "-f", owners, image])
    try tool.run(["e2fsck", "-f", "-n", image])
    try tool.run(["qemu-img", "convert", "-f", "raw", "-O", "vhdx", image, disk])
    try tool.run(["qemu-img", "compare", "-f", "raw", "-F", "vhdx", image, disk])
  }

  /// Below the folder of modules, folders before what is in them.
  private func names() throws -> [String] {
    let names = (try FileManager.default.subpathsOfDirectory(atPath: modules)).sorted()
    let odd = names.first { $0.contains { $0 == "\"" || $0.isWhitespace } }
    guard let odd else { return names }
    throw PawlError(.stepFailed, "\(odd) is no name that a module can have.")
  }

  /// The build user's number would be that of somebody who may change what root loads.
  private static func giveToRoot(_ names: [String]) -> String {
    names.map { "set_inode_field /\($0) uid 0\nset_inode_field /\($0) gid 0\n" }.joined()
  }

  /// What the files take in whole blocks, the file system's own tables, and room for its journal.
  private func kibibytes(_ names: [String]) throws -> Int {
    let manager = FileManager.default
    let blocks = try names.reduce(0) { sum, name in
      let size = try manager.attributesOfItem(atPath: "\(modules)/\(name)")[.size] as? Int
      return sum + ((size ?? 0) + 4095) / 4096 + 1
    }
    return blocks * 4 * 11 / 10 + 64 << 10
  }
}

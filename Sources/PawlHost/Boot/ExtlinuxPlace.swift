import PawlModel

/// Where extlinux lies on this host, and how paths in its configuration are meant.
struct ExtlinuxPlace {
  let root: HostRoot

  /// Of `ldlinux.sys`: the folder of Debian, or where that is not there, that of Alpine.
  var folder: String {
    root.exists("/boot/extlinux/ldlinux.sys") || !root.exists("/boot/ldlinux.sys")
      ? "/boot/extlinux" : "/boot"
  }

  var loader: String { folder + "/ldlinux.sys" }
  var config: String { folder + "/extlinux.conf" }

  /// Alpine makes the whole file anew at every change of a kernel, and puts the files of this folder into it as
  /// they are. (aports: main/syslinux/update-extlinux)
  var fragment: String? { hasGenerator ? "/etc/update-extlinux.d/pawl" : nil }

  var hasGenerator: Bool {
    ["/sbin/update-extlinux", "/usr/sbin/update-extlinux"].contains(where: root.exists)
  }

  /// The one file system that the loader reads.
  func volume() throws -> LoaderVolume {
    let text = root.text("/proc/self/mountinfo").value ?? ""
    guard let volume = LoaderVolume(holding: folder, of: MountTable(mountinfo: text)) else {
      throw PawlError(
        .inputOutput, "What is mounted at \(folder) cannot be told.",
        hint: "Is /proc mounted? /proc/self/mountinfo is needed.")
    }
    return volume
  }

  /// A path of the loader's: what does not begin with a slash is meant from its own folder.
  func absolute(_ name: String, on volume: LoaderVolume) -> String {
    if name.hasPrefix("/") { return LoaderVolume.normal(name) }
    let own = (try? volume.inLoader(folder)) ?? folder
    return LoaderVolume.normal("\(own)/\(name)")
  }
}

import PawlHost
import PawlModel

extension HostContract {
  /// A tree of two files, one of them in a folder, and its manifest.
  private func makeTree() throws -> Manifest {
    let source = path("source")
    try host.makeFolder(at: source + "/kernel/drivers", mode: 0o755, as: identity)
    try write("module", at: source + "/kernel/drivers/one.ko")
    try write("order", at: source + "/modules.order", mode: 0o600)
    return try host.manifest(of: source, as: identity)
  }

  private func copy(_ manifest: Manifest) throws {
    try host.copyTree(manifest, to: path("target"), as: identity)
  }

  static let treePromises: [Promise] = [
    Promise("a manifest is sorted and has every file's bytes") { contract in
      let manifest = try contract.makeTree()
      try contract.require(
        manifest.entries.map(\.path) == [
          "kernel", "kernel/drivers", "kernel/drivers/one.ko", "modules.order",
        ], "\(manifest.entries.map(\.path))")
      try contract.require(
        manifest.entries[2].digest == SHA256.hash("module".utf8), "another digest")
      try contract.require(manifest.entries[3].size == 5, "size \(manifest.entries[3].size)")
      try contract.require(manifest.root == contract.path("source"), "root \(manifest.root)")
    },
    Promise("a single file has a manifest of one entry below its folder") { contract in
      try contract.write("image", at: contract.path("bzImage"))
      let manifest = try contract.host.manifest(
        of: contract.path("bzImage"), as: contract.identity)
      try contract.require(manifest.entries.map(\.path) == ["bzImage"], "\(manifest.entries)")
      try contract.require(manifest.root == contract.folder, "root \(manifest.root)")
    },
    Promise("a copied tree has the manifest of its source") { contract in
      let manifest = try contract.makeTree()
      try contract.copy(manifest)
      let copied = try contract.host.manifest(
        of: contract.path("target"), as: contract.identity)
      try contract.require(copied.entries == manifest.entries, "\(copied.entries)")
    },
    Promise("copying again leaves what is there") { contract in
      let manifest = try contract.makeTree()
      try contract.copy(manifest)
      let path = contract.path("target/modules.order")
      let before = try contract.host.state(at: path)
      try contract.copy(manifest)
      try contract.require(try contract.host.state(at: path) == before, "it was written again")
    },
    Promise("a source that changed since ends the copy, and its bytes are not published") {
      contract in
      let manifest = try contract.makeTree()
      let path = contract.path("source/modules.order")
      let state = try contract.host.state(at: path)
      try contract.write("evil!", at: path, replacing: state)
      try contract.requireRefusal("copied other bytes") { try contract.copy(manifest) }
      let copied = try contract.host.state(at: contract.path("target/modules.order"))
      try contract.require(copied == .absent, "there is \(copied)")
    },
    Promise("a target with other bytes ends the copy and keeps them") { contract in
      let manifest = try contract.makeTree()
      try contract.host.makeFolder(
        at: contract.path("target"), mode: 0o755, as: contract.identity)
      try contract.write("mine", at: contract.path("target/modules.order"))
      try contract.requireRefusal("overwrote a file") { try contract.copy(manifest) }
      let text = try contract.text(at: contract.path("target/modules.order"))
      try contract.require(text == "mine", "there is \(text)")
    },
    Promise("a manifest cannot lead out of its tree") { contract in
      var manifest = try contract.makeTree()
      manifest.entries[3].path = "../escaped"
      try contract.requireRefusal("went up") { try contract.copy(manifest) }
      let state = try contract.host.state(at: contract.path("escaped"))
      try contract.require(state == .absent, "there is \(state)")
    },
    Promise("removing a tree takes what is listed and tells what differs") { contract in
      let manifest = try contract.makeTree()
      try contract.copy(manifest)
      let path = contract.path("target/kernel/drivers/one.ko")
      try contract.write("edited", at: path, replacing: try contract.host.state(at: path))
      let left = try contract.host.removeTree(
        manifest, at: contract.path("target"), as: contract.identity)
      try contract.require(left == ["kernel/drivers/one.ko"], "left \(left)")
      try contract.require(try contract.text(at: path) == "edited", "the edit is lost")
      let gone = try contract.host.state(at: contract.path("target/modules.order"))
      try contract.require(gone == .absent, "modules.order is still there")
    },
    Promise("removing a whole tree leaves nothing of it, and can be repeated") { contract in
      let manifest = try contract.makeTree()
      try contract.copy(manifest)
      for _ in 0..<2 {
        let left = try contract.host.removeTree(
          manifest, at: contract.path("target"), as: contract.identity)
        try contract.require(left.isEmpty, "left \(left)")
        let state = try contract.host.state(at: contract.path("target"))
        try contract.require(state == .absent, "there is \(state)")
      }
    },
  ]

  static let clockPromises: [Promise] = [
    Promise("the clock of a boot does not go back, and the boot has an id") { contract in
      let first = contract.host.now()
      let second = contract.host.now()
      try contract.require(!first.bootID.isEmpty, "no boot id")
      try contract.require(first.bootID == second.bootID, "two boots in one run")
      try contract.require(first.bootMillis <= second.bootMillis, "the clock went back")
    },
    Promise("a folder that can be written to has free space and a mount") { contract in
      try contract.require(
        contract.host.freeBytes(at: contract.folder).map { $0 > 0 } == true, "no free space")
      try contract.require(contract.host.mount(of: contract.folder) != nil, "no mount")
      try contract.require(!contract.host.runningRelease().isEmpty, "no release")
    },
  ]
}

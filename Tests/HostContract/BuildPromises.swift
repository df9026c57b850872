import PawlHost
import PawlModel

extension HostContract {
  private func tree(_ folder: String) throws -> BuildTree {
    guard
      let tree = try host.buildTree(
        at: folder, searchPath: "/usr/bin:/bin", sources: [], as: identity)
    else { throw Broken(description: "there is no folder") }
    return tree
  }

  static let buildPromises: [Promise] = [
    Promise("a folder that is not there is no build folder") { contract in
      try contract.require(
        try contract.host.buildTree(
          at: contract.path("none"), searchPath: "/bin", sources: [], as: contract.identity) == nil,
        "a tree was found")
    },
    Promise("a folder that was made for a build is marked and stays the same") { contract in
      let folder = contract.path("o")
      try contract.host.makeBuildFolder(at: folder, as: contract.identity)
      let found = try contract.tree(folder)
      try contract.require(found.mark != nil, "it has no mark")
      let again = try contract.tree(folder)
      try contract.require(again == found, "\(again) is not \(found)")
    },
    Promise("what was written after a build was opened is not older than its cutoff") { contract in
      let folder = contract.path("o")
      try contract.host.makeBuildFolder(at: folder, as: contract.identity)
      let cutoff = try contract.host.openBuild(at: folder, as: contract.identity)
      try contract.write("object", at: folder + "/a.o")
      guard case .file(let metadata, _, _) = try contract.host.state(at: folder + "/a.o") else {
        throw Broken(description: "the object is not there")
      }
      try contract.require(metadata.modifiedNanos >= cutoff, "\(metadata.modifiedNanos), \(cutoff)")
    },
    Promise("a folder that is made anew keeps its configuration and its mark alone") { contract in
      let folder = contract.path("o")
      try contract.host.makeBuildFolder(at: folder, as: contract.identity)
      try contract.write("CONFIG_X=y\n", at: folder + "/.config")
      let before = try contract.tree(folder)
      _ = try contract.host.treatBuild(
        at: folder, .clean(why: "test"), as: contract.identity)
      try contract.require(
        try contract.host.state(at: folder + "/.config").digest == SHA256.hash("CONFIG_X=y\n".utf8),
        "the configuration is gone")
      try contract.require(try contract.tree(folder).mark == before.mark, "the mark is gone")
    },
    Promise("a sample is found where it was kept, and nowhere else") { contract in
      let path = contract.path("sample")
      try contract.require(contract.host.sample(at: path) == nil, "there is one already")
      let sample = CutoffSample(token: "j/1/build/1", bootID: "boot", cutoff: 42)
      contract.host.keepSample(sample, at: path)
      try contract.require(contract.host.sample(at: path) == sample, "it is another one")
    },
  ]
}

import PawlHost
import PawlModel

extension HostContract {
  static let filePromises: [Promise] = [
    Promise("nothing there is a state, not an error") { contract in
      let state = try contract.host.state(at: contract.path("none"))
      try contract.require(state == .absent, "the state is \(state)")
      let deeper = try contract.host.state(at: contract.path("none/deeper"))
      try contract.require(deeper == .absent, "below a missing folder the state is \(deeper)")
    },
    Promise("a new file has mode 0644 and its identity's owner") { contract in
      let path = contract.path("new")
      try contract.write("words", at: path)
      guard case .file(let metadata, let digest, let size) = try contract.host.state(at: path)
      else { throw Broken(description: "no file was made") }
      try contract.require(digest == SHA256.hash("words".utf8), "other bytes")
      try contract.require(size == 5, "size \(size)")
      try contract.require(metadata.mode == 0o644, "mode \(String(metadata.mode, radix: 8))")
      try contract.require(
        metadata.uid == contract.identity.uid && metadata.gid == contract.identity.gid,
        "owner \(metadata.uid):\(metadata.gid)")
    },
    Promise("publish answers with the state that is then read") { contract in
      let path = contract.path("same")
      let told = try contract.write("words", at: path, mode: 0o600)
      let found = try contract.host.state(at: path)
      try contract.require(told == found, "\(told) is not \(found)")
    },
    Promise("publish leaves the new bytes and nothing beside them") { contract in
      let path = contract.path("file")
      let before = try contract.write("old", at: path)
      try contract.write("new", at: path, replacing: before)
      try contract.require(try contract.text(at: path) == "new", "the old bytes are still there")
      try contract.require(try contract.names() == ["file"], "left: \(try contract.names())")
    },
    Promise("publish over other bytes than expected changes nothing") { contract in
      let path = contract.path("file")
      let before = try contract.write("old", at: path)
      try contract.write("edited", at: path, replacing: before)
      let error = try contract.requireRefusal("replaced newer bytes") {
        try contract.write("new", at: path, replacing: before)
      }
      try contract.require(error.code == .needsPerson, "the code is \(error.code.name)")
      try contract.require(try contract.text(at: path) == "edited", "the edit is lost")
      try contract.require(try contract.names() == ["file"], "left: \(try contract.names())")
    },
    Promise("publish where nothing is expected does not replace what stands there") { contract in
      let path = contract.path("file")
      try contract.write("old", at: path)
      try contract.requireRefusal("replaced an unexpected file") {
        try contract.write("new", at: path)
      }
      try contract.require(try contract.text(at: path) == "old", "the file is lost")
    },
    Promise("publish where a file is expected and none stands makes none") { contract in
      let path = contract.path("file")
      let before = try contract.write("old", at: path)
      try contract.host.remove(at: path, expecting: before, as: contract.identity)
      try contract.requireRefusal("made a file") {
        try contract.write("new", at: path, replacing: before)
      }
      try contract.require(try contract.names() == [], "left: \(try contract.names())")
    },
    Promise("a replaced file keeps its mode, and a given mode wins") { contract in
      let path = contract.path("file")
      let first = try contract.write("1", at: path, mode: 0o640)
      let second = try contract.write("2", at: path, replacing: first)
      try contract.require(second.mode == 0o640, "the mode was not kept")
      let third = try contract.write("3", at: path, replacing: second, mode: 0o600)
      try contract.require(third.mode == 0o600, "the mode was not taken")
    },
    Promise("recorded metadata come back whole") { contract in
      let path = contract.path("file")
      let recorded = FileMetadata(
        mode: 0o604, uid: contract.identity.uid, gid: contract.identity.gid,
        modifiedNanos: 1_234_567_890_123_000_000)
      try contract.write("1", at: path, metadata: recorded)
      let state = try contract.host.state(at: path)
      guard case .file(let metadata, _, _) = state else {
        throw Broken(description: "the state is \(state)")
      }
      try contract.require(metadata.mode == recorded.mode, "mode \(metadata.mode)")
      try contract.require(
        metadata.modifiedNanos == recorded.modifiedNanos, "time \(metadata.modifiedNanos)")
    },
    Promise("a writer that fails leaves the old file and nothing beside it") { contract in
      let path = contract.path("file")
      let before = try contract.write("old", at: path)
      try contract.requireRefusal("the writer's error is lost") {
        _ = try contract.host.publish(
          at: path, metadata: nil, mode: nil, replacing: before, as: contract.identity
        ) { write in
          try write(Array("half".utf8))
          throw PawlError(.internalFault, "the writer fails")
        }
      }
      try contract.require(try contract.text(at: path) == "old", "the old bytes are lost")
      try contract.require(try contract.names() == ["file"], "left: \(try contract.names())")
    },
    Promise("a folder is not replaced by a file") { contract in
      let path = contract.path("folder")
      try contract.host.makeFolder(at: path, mode: 0o755, as: contract.identity)
      let state = try contract.host.state(at: path)
      try contract.require(state == .other(kind: "folder"), "the state is \(state)")
      try contract.requireRefusal("replaced a folder") { try contract.write("x", at: path) }
      try contract.requireRefusal("replaced a folder by its own state") {
        try contract.write("x", at: path, replacing: state)
      }
    },
    Promise("remove takes only what is expected") { contract in
      let path = contract.path("file")
      let before = try contract.write("old", at: path)
      let edited = try contract.write("edited", at: path, replacing: before)
      try contract.requireRefusal("removed newer bytes") {
        try contract.host.remove(at: path, expecting: before, as: contract.identity)
      }
      try contract.require(try contract.text(at: path) == "edited", "the edit is lost")
      try contract.host.remove(at: path, expecting: edited, as: contract.identity)
      try contract.require(try contract.host.state(at: path) == .absent, "it is still there")
    },
    Promise("reading hands out bounded chunks that make up the state") { contract in
      let path = contract.path("large")
      let block = [UInt8](repeating: 7, count: 100_000)
      let told = try contract.host.publish(
        at: path, metadata: nil, mode: nil, replacing: .absent, as: contract.identity
      ) { write in for _ in 0..<4 { try write(block) } }
      var hasher = SHA256()
      var largest = 0
      let state = try contract.host.read(at: path, as: contract.identity) { chunk in
        hasher.update(chunk)
        largest = max(largest, chunk.count)
      }
      try contract.require(largest <= 256 * 1024, "a chunk of \(largest) bytes")
      try contract.require(hasher.finish() == state.digest, "other bytes than the state's")
      try contract.require(state.sameContent(as: told), "other bytes than written")
    },
    Promise("reading what is not there is an error") { contract in
      try contract.requireRefusal("read nothing") { _ = try contract.text(at: contract.path("no")) }
    },
    Promise("folders are made with their parents, and again without complaint") { contract in
      let path = contract.path("a/b/c")
      try contract.host.makeFolder(at: path, mode: 0o755, as: contract.identity)
      try contract.host.makeFolder(at: path, mode: 0o755, as: contract.identity)
      try contract.require(
        try contract.names() == ["a", "a/b", "a/b/c"], "there is \(try contract.names())")
    },
    Promise("syncing takes paths that do not exist yet") { contract in
      try contract.host.sync(fileSystemsOf: [contract.path("not/yet"), contract.folder])
    },
  ]
}

extension FileState {
  fileprivate var mode: UInt32? {
    switch self {
    case .file(let metadata, _, _): metadata.mode
    case .absent, .other: nil
    }
  }
}

import PawlJournal
import PawlModel

extension JournalContract {
  static let blobPromises = [
    Promise("bytes come back as they were stored, whatever the pieces") { open in
      let store = try open()
      for size in [0, 1, 4096, 262_144, 262_145, 1_000_003] {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        let digest = try store.storeBlob { write in
          var start = 0
          while start < bytes.count {
            let end = min(start + 70_001, bytes.count)
            try write(Array(bytes[start..<end]))
            start = end
          }
        }
        try same(digest, SHA256.hash(bytes), "the digest of \(size) bytes")
        var found: [UInt8] = []
        try open().readBlob(digest) { found += $0 }
        try expect(found == bytes, "\(size) bytes come back changed")
      }
    },
    Promise("the same bytes may be stored again") { open in
      let store = try open()
      let first = try store.storeBlob { write in try write([1, 2, 3]) }
      let second = try store.storeBlob { write in
        try write([1, 2]); try write([3])
      }
      try same(second, first, "the digest")
      var found: [UInt8] = []
      try store.readBlob(first) { found += $0 }
      try same(found, [1, 2, 3], "the bytes")
    },
    Promise("bytes that nobody stored are an error") { open in
      let store = try open()
      try refuses(.damagedJournal, "a blob that is not there") {
        try store.readBlob(SHA256.hash([9])) { _ in }
      }
    },
    Promise("an error while bytes are handed over leaves no blob") { open in
      let store = try open()
      try refuses(.inputOutput, "a file that cannot be read to its end") {
        _ = try store.storeBlob { write in
          try write([7, 7, 7])
          throw PawlError(.inputOutput, "The disk failed.")
        }
      }
      try refuses(.damagedJournal, "the blob that was not finished") {
        try store.readBlob(SHA256.hash([7, 7, 7])) { _ in }
      }
    },
    Promise("output is taken in pieces of any size") { open in
      let store = try open()
      let record = try running(store)
      try append(store, [SamplePlans.entry(record.id, "s1", .start)])
      for size in [0, 1, 300_000, 17] {
        try store.appendOutput(
          [UInt8](repeating: 65, count: size), plan: record.id, step: "s1", attempt: 1)
      }
      try same(
        try store.newestSequence(of: record.id), record.sequence + 1,
        "the newest event after output, which is no event,")
    },
  ]
}

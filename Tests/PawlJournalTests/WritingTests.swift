import Foundation
import GRDB
import JournalContract
import PawlJournal
import PawlModel
import Testing

@Suite struct WritingTests {
  @Test("Writers on many threads and connections leave one unbroken chain")
  func concurrent() async throws {
    let journal = try TestJournal()
    let path = journal.path
    try journal.open().close()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let store = try SQLiteJournal.open(path: path)
          for _ in 0..<5 { try store.runPlan() }
        }
      }
      try await group.waitForAll()
    }
    let store = try journal.open()
    let report = try JournalVerifier(store).verify()
    #expect(report.findings == [])
    #expect(report.plans == 20)
  }

  @Test("Space for an outcome is set aside beyond the log's end, where only the journal can use it")
  func spaceSetAside() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    try store.runPlan()
    var before = stat()
    try #require(stat(journal.path + "-wal", &before) == 0)
    try store.secureSpace()
    var after = stat()
    try #require(stat(journal.path + "-wal", &after) == 0)
    #expect(after.st_size == before.st_size)
    #expect(Int64(after.st_blocks) * 512 >= Int64(before.st_size) + 4 << 20)
    try store.runPlan()
    #expect(try JournalVerifier(store).verify().findings == [])
  }

  @Test("Many openers at once make one journal")
  func creationRace() async throws {
    let journal = try TestJournal()
    let path = journal.path
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask { try SQLiteJournal.openOrCreate(path: path).journalID }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    #expect(try !journal.names.contains { $0.contains(".new-") })
  }

  @Test("FILE.head is written at approvals, checkpoints, waits and ends, and not at other events")
  func head() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    let id = try store.createPlan(
      SamplePlans.plan(), by: SamplePlans.actor, at: SamplePlans.stamp())
    let record = try #require(try store.plan(id))
    let checkpoint = Checkpoint(done: 1, expected: nil, basis: "tree", millis: 1, outputBytes: 0)
    let appends: [(Entry, moves: Bool)] = [
      (SamplePlans.approval(of: record, "s1"), true), (SamplePlans.entry(id, .run), false),
      (SamplePlans.entry(id, "s1", .start), false),
      (Entry(plan: id, step: "s1", .checkpoint(checkpoint)), true),
      (SamplePlans.succeeded(id, "s1"), false), (SamplePlans.entry(id, .wait(.person)), true),
      (Entry(plan: id, .control(.cancel)), false), (SamplePlans.entry(id, .abandon), true),
    ]
    #expect(try HeadFile.read(of: journal.path) == nil)
    for (entry, moves) in appends {
      let before = try HeadFile.read(of: journal.path)
      try store.append([entry], by: SamplePlans.actor, at: SamplePlans.stamp())
      let after = try HeadFile.read(of: journal.path)
      #expect((after != before) == moves, "\(entry.body.kind)")
      if moves {
        #expect(after?.head == (try store.newestHead()))
        #expect(after?.plan == id && after?.journalID == store.journalID)
      }
    }
    let newest = try #require(try store.newestHead())
    let text = String(decoding: try journal.bytes(of: "journal.db.head"), as: UTF8.self)
    #expect(text == "pawl-head 1\n\(newest)\njournal \(store.journalID)\nplan \(id)\n")
  }

  @Test("A journal behind its head, or with another history, is told before anything is run")
  func headStatus() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    #expect(try store.headStatus() == .none)
    try store.runPlan()
    #expect(try store.headStatus() == .holds)
    let head = try #require(try store.newestHead())
    func write(_ sequence: Int64, _ hash: Digest, _ id: String) throws {
      let text = "pawl-head 1\n\(sequence):\(hash)\njournal \(id)\nplan 1\n"
      try journal.write(Array(text.utf8), to: "journal.db.head")
    }
    try write(head.sequence + 4, head.hash, store.journalID)
    #expect(try store.headStatus() == .behind(journal: head.sequence, head: head.sequence + 4))
    try write(head.sequence, .zero, store.journalID)
    #expect(try store.headStatus() == .otherHistory(at: head.sequence))
    try write(head.sequence, head.hash, "0123")
    #expect(try store.headStatus() == .otherJournal)
  }

  @Test("A copy of the head on another disk tells a journal that came back with its own old head")
  func headCopy() throws {
    let journal = try TestJournal()
    let copy = journal.folder + "/boot/pawl-head"
    try FileManager.default.createDirectory(
      atPath: journal.folder + "/boot", withIntermediateDirectories: true)
    let store = try journal.open()
    store.keepHeadCopy(at: copy)
    #expect(try store.headCopyStatus() == .none)
    try store.runPlan()
    #expect(try store.headCopyStatus() == .holds)
    let old = try HeadFile.read(at: copy)
    #expect(try HeadFile.read(of: journal.path) == old)
    // The copy goes on, the journal and its own head stay behind.
    let ahead = "pawl-head 1\n999:\(Digest.zero)\njournal \(store.journalID)\nplan 1\n"
    try journal.write(Array(ahead.utf8), to: "boot/pawl-head")
    #expect(try store.headStatus() == .holds)
    let newest = try #require(try store.newestHead()).sequence
    #expect(try store.headCopyStatus() == .behind(journal: newest, head: 999))
    #expect(try JournalVerifier(store).verify().findings.map(\.kind) == [.rewound])
    // Half a copy, as a file system without a journal may leave it, says nothing.
    try journal.write(Array("pawl-he".utf8), to: "boot/pawl-head")
    #expect(try store.headCopyStatus() == .none)
  }

  @Test("A copy that cannot be written stops nothing, and is made up for; checkpoints move none")
  func owedCopy() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    let copy = journal.folder + "/missing/boot/head"
    store.keepHeadCopy(at: copy)
    let id = try store.runPlan()
    #expect(try store.plan(id)?.state == .succeeded)
    #expect(!store.isHeadOwed && !FileManager.default.fileExists(atPath: copy))
    try FileManager.default.createDirectory(
      atPath: journal.folder + "/missing", withIntermediateDirectories: true)
    try store.append(
      [Entry(plan: id, .note(Note(topic: "t", text: "x")))], by: SamplePlans.actor,
      at: SamplePlans.stamp())
    #expect(try store.headCopyStatus() == .holds)
  }

  @Test("A head that cannot be written is owed, and the append stands")
  func owedHead() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    try FileManager.default.createDirectory(
      atPath: journal.path + ".head/in-the-way", withIntermediateDirectories: true)
    let id = try store.runPlan()
    #expect(store.isHeadOwed)
    #expect(try store.plan(id)?.state == .succeeded)
    try FileManager.default.removeItem(atPath: journal.path + ".head")
    try store.append(
      [Entry(plan: id, .note(Note(topic: "t", text: "x")))], by: SamplePlans.actor,
      at: SamplePlans.stamp())
    #expect(!store.isHeadOwed)
    #expect(try store.headStatus() == .holds)
  }

  @Test("A payload that is too long is refused before anything is written")
  func bounded() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    var plan = SamplePlans.plan()
    plan.summary = String(repeating: "x", count: 33 << 20)
    let error = fault {
      _ = try store.createPlan(plan, by: SamplePlans.actor, at: SamplePlans.stamp())
    }
    #expect(error?.code == .refused)
    #expect(try store.newestHead() == nil)
  }

  @Test("What a crash leaves of an unfinished blob is taken away, finished blobs stay")
  func unfinishedBlobs() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    let digest = try store.storeBlob { write in try write([1, 2, 3]) }
    try journal.meddle(
      """
      INSERT INTO blob (digest, size) VALUES (NULL, 0);
      INSERT INTO blob_chunk (blob, position, raw, data) VALUES (last_insert_rowid(), 0, 3, x'00');
      """)
    #expect(try JournalVerifier(store).verify().isSound)
    #expect(try store.dropUnfinishedBlobs() == 1)
    #expect(try store.hasBlob(digest))
  }

  @Test("A damaged blob is healed when the same bytes are stored again")
  func healedBlob() throws {
    let journal = try TestJournal()
    let store = try journal.open()
    let digest = try store.storeBlob { write in try write([1, 2, 3]) }
    try journal.meddle("UPDATE blob_chunk SET data = x'00'")
    #expect(fault { try store.readBlob(digest) { _ in } }?.code == .damagedJournal)
    #expect(try store.storeBlob { write in try write([1, 2, 3]) } == digest)
    try store.readBlob(digest) { _ in }
  }
}

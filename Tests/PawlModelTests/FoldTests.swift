import PawlModel
import Testing

extension PlanRecord {
  fileprivate mutating func take(
    _ step: StepID, _ event: StepEvent, _ details: (inout StepChange) -> Void = { _ in }
  ) throws(PawlError) {
    var change = StepChange(event)
    details(&change)
    let entry = Entry(plan: id, step: step, .step(change))
    try apply(entry, at: boot, sequence: sequence + 1)
  }

  fileprivate mutating func approve(_ id: StepID) throws(PawlError) {
    let digest = step(id)?.digest ?? .zero
    try take(id, .approve) { $0.approval = Approval(digest: digest, given: "digest") }
  }
}

/// Refused with this code, and nothing changed.
private func expectRefused(
  _ code: PawlError.Code, _ record: PlanRecord, _ act: (inout PlanRecord) throws -> Void,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var copy = record
  let error = #expect(throws: PawlError.self, sourceLocation: sourceLocation) { try act(&copy) }
  #expect(error?.code == code, sourceLocation: sourceLocation)
  #expect(copy == record, sourceLocation: sourceLocation)
}

@Suite struct FoldTests {
  @Test("An approval for another digest, or for none, is refused")
  func refusesWrongApproval() throws {
    let fresh = try record()
    expectRefused(.notApproved, fresh) { record in
      try record.take("one", .approve) { $0.approval = Approval(digest: .zero, given: "digest") }
    }
    expectRefused(.notApproved, fresh) { try $0.take("one", .approve) }
    expectRefused(.notApproved, fresh) { record in
      let plan = record.digest
      try record.take("one", .approve) { $0.approval = Approval(digest: plan, given: "digest") }
    }
  }

  @Test("Nothing starts without an approval, and one approval is one attempt")
  func needsApproval() throws {
    var record = try record()
    expectRefused(.refused, record) { try $0.take("one", .start) }
    try record.approve("one")
    try record.take("one", .start)
    #expect(record.step("one")?.attempts == 1)
    try record.take("one", .fail)
    #expect(record.step("one")?.approval == nil)
    expectRefused(.refused, record) { try $0.take("one", .start) }
    try record.approve("one")
    try record.take("one", .start)
    #expect(record.step("one")?.attempts == 2)
  }

  @Test("A revoked approval is gone, also when the step is approved by nobody again")
  func revokes() throws {
    var record = try record()
    try record.approve("one")
    try record.take("one", .revoke)
    #expect(record.step("one")?.state == .pending)
    #expect(record.step("one")?.approval == nil)
    expectRefused(.refused, record) { try $0.take("one", .start) }
  }

  @Test("An interrupted step starts again by itself only where its policy is retry")
  func repeatsOnlyTheRepeatable() throws {
    for policy in InterruptedPolicy.allCases {
      var step = sampleStep()
      step.interrupted = policy
      var record = try record([step])
      try record.approve("one")
      try record.take("one", .start)
      try record.take("one", .interrupt)
      if policy == .retry {
        try record.take("one", .start)
        #expect(record.step("one")?.attempts == 2)
      } else {
        expectRefused(.needsPerson, record) { try $0.take("one", .start) }
        try record.approve("one")
        try record.take("one", .start)
      }
    }
  }

  @Test("Facts frozen anew change the digests of the step, of all its users, and of the plan")
  func refreezes() throws {
    var record = try record([
      sampleStep("first"), sampleStep("second", uses: ["first"]), sampleStep("apart"),
    ])
    try record.approve("first")
    try record.approve("second")
    let before = record
    let facts = [Fact(path: "/x", expectation: .absent)]
    try record.take("first", .revoke) { $0.facts = facts }
    #expect(record.step("first")?.frozen.facts == facts)
    #expect(record.frozen.steps.first?.facts == facts)
    #expect(record.digest != before.digest)
    #expect(record.step("first")?.digest != before.step("first")?.digest)
    #expect(record.step("second")?.digest != before.step("second")?.digest)
    #expect(record.step("apart")?.digest == before.step("apart")?.digest)
    expectRefused(.notApproved, record) { try $0.take("second", .start) }
    let old = before.step("first")?.digest ?? .zero
    expectRefused(.notApproved, record) { record in
      try record.take("first", .approve) { $0.approval = Approval(digest: old, given: "digest") }
    }
  }

  @Test("What an attempt that nobody saw end left never replaces the backup taken before it")
  func keepsBackupOfUnfinishedAttempt() throws {
    var record = try record()
    let first = Backup(path: "/x", before: .absent)
    let later = Backup(path: "/x", before: .other(kind: "link"))
    let approval = Approval(digest: record.steps[0].digest, given: "digest")
    let bodies: [EventBody] = [
      .step(StepChange(.approve, approval: approval)), .backup(first), .step(StepChange(.start)),
      .backup(later),
    ]
    for body in bodies {
      let entry = Entry(plan: record.id, step: "one", body)
      try record.apply(entry, at: boot, sequence: record.sequence + 1)
    }
    #expect(record.step("one")?.backups["/x"] == first)
  }

  @Test("What stood in the way of an undo is kept beside the first backup, not in its place")
  func backupDuringUndo() throws {
    var record = try record()
    let first = Backup(path: "/x", before: .absent)
    try record.apply(Entry(plan: record.id, step: "one", .backup(first)), at: boot, sequence: 2)
    try record.approve("one")
    for event in [StepEvent.start, .succeed, .beginUndo] { try record.take("one", event) }
    let newer = Backup(path: "/x", before: .other(kind: "link"))
    try record.apply(Entry(plan: record.id, step: "one", .backup(newer)), at: boot, sequence: 9)
    #expect(record.step("one")?.backups["/x"] == first)
  }

  @Test("A later backup counts once an attempt is known to have ended, and not before")
  func laterBackups() throws {
    let first = Backup(path: "/x", before: .absent)
    let later = Backup(path: "/x", before: .other(kind: "link"))
    for (ending, wanted) in [(StepEvent.fail, later), (.interrupt, first)] {
      var record = try record()
      try record.apply(
        Entry(plan: record.id, step: "one", .backup(first)), at: boot, sequence: 2)
      try record.approve("one")
      try record.take("one", .start)
      let left = FileChange(path: "/x", after: .other(kind: "folder"))
      try record.apply(
        Entry(plan: record.id, step: "one", .fileChanged(left)), at: boot, sequence: 8)
      try record.take("one", ending)
      try record.apply(
        Entry(plan: record.id, step: "one", .backup(later)), at: boot, sequence: 9)
      #expect(record.step("one")?.backups["/x"] == wanted)
    }
  }

  @Test("Events of unknown steps and second creations are refused")
  func refusesStrays() throws {
    let fresh = try record()
    expectRefused(.damagedJournal, fresh) { try $0.take("none", .approve) }
    expectRefused(.damagedJournal, fresh) {
      try $0.apply(Entry(plan: $0.id, .planCreated($0.frozen)), at: boot, sequence: 2)
    }
    expectRefused(.refused, fresh) {
      try $0.apply(Entry(plan: $0.id, .plan(PlanChange(.succeed))), at: boot, sequence: 2)
    }
  }

  @Test("Every event survives its way through the payload column")
  func encodesEvents() throws {
    let bodies: [EventBody] = [
      .planCreated(samplePlan()), .plan(PlanChange(.wait(.reboot), why: "because")),
      .step(StepChange(.approve, approval: Approval(digest: .zero, given: "terminal"))),
      .backup(Backup(path: "/x", before: .absent)),
      .fileChanged(FileChange(path: "/x", after: .other(kind: "folder"))),
      .checkpoint(Checkpoint(done: 1, expected: nil, basis: "tree", millis: 2, outputBytes: 3)),
      .tree(
        BuildTree(
          folder: "/o", mark: "m", inode: 1, fileSystem: "ext4", source: "d", mount: 2,
          bootID: "boot-1", fingerprint: ["make": "x"], configuration: .zero, cutoff: 3)),
      .control(.pause), .output(OutputSummary(bytes: 1, kept: 1)),
      .trial(.oneShotSet(entry: "pawl-trial")), .trial(.judged(.rejected)),
      .note(Note(topic: "a", text: "b")),
    ]
    #expect(Set(bodies.map(\.kind)) == Set(EventKind.allCases))
    for body in bodies {
      #expect(try EventBody(kind: body.kind, payload: try body.payload()) == body)
    }
  }

  @Test("An event's hash covers every one of its columns")
  func hashesColumns() {
    let event = EventRecord(
      sequence: 2, plan: PlanID(1), step: "one", attempt: 1, kind: "note", stamp: boot,
      actor: [1], payload: [2], previous: .zero, hash: .zero)
    let changes: [(inout EventRecord) -> Void] = [
      { $0.sequence = 3 }, { $0.plan = PlanID(2) }, { $0.step = nil }, { $0.step = "two" },
      { $0.attempt = 2 }, { $0.kind = "backup" }, { $0.stamp.wallMillis = 2 },
      { $0.stamp.bootID = "x" }, { $0.stamp.bootMillis = 2 }, { $0.actor = [1, 2] },
      { $0.payload = [] }, { $0.previous = SHA256.hash([1]) },
    ]
    var hashes: Set<Digest> = [event.expectedHash()]
    for change in changes {
      var copy = event
      change(&copy)
      hashes.insert(copy.expectedHash())
    }
    #expect(hashes.count == changes.count + 1)
  }
}

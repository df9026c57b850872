import PawlJournal
import PawlModel

extension JournalContract {
  static let appendPromises = [
    Promise("what is appended is what the fold makes of it") { open in
      let store = try open()
      let before = try running(store)
      let entries = [
        SamplePlans.entry(before.id, "s1", .start), SamplePlans.succeeded(before.id, "s1"),
        SamplePlans.entry(before.id, "s2", .start),
      ]
      let last = try append(store, entries)
      let wanted = try before.applying(entries, at: SamplePlans.stamp(1))
      try same(last, wanted.sequence, "the last sequence number")
      try same(try store.plan(before.id), wanted, "the record of the store that wrote")
      try same(try open().plan(before.id), wanted, "the record of another opener")
    },
    Promise("all entries of an append are written or none") { open in
      let store = try open()
      let before = try running(store)
      try refuses(.refused, "an append whose last entry the machine refuses") {
        try append(
          store,
          [
            SamplePlans.entry(before.id, "s1", .start),
            SamplePlans.entry(before.id, "s2", .succeed),
          ])
      }
      try same(try store.plan(before.id), before, "the record after the refusal")
      try same(try open().plan(before.id), before, "the record of another opener")
      let last = try append(store, [SamplePlans.entry(before.id, "s1", .start)])
      try same(last, before.sequence + 1, "the sequence number after the refusal")
    },
    Promise("nothing starts without an approval for its present digest") { open in
      let store = try open()
      let id = try store.createPlan(
        SamplePlans.plan(), by: SamplePlans.actor, at: SamplePlans.stamp())
      let wrong = Approval(digest: SHA256.hash(Array("x".utf8)), given: "digest")
      try refuses(.notApproved, "an approval for another digest") {
        try append(
          store, [Entry(plan: id, step: "s1", .step(StepChange(.approve, approval: wrong)))])
      }
      try refuses(.refused, "a start without an approval") {
        try append(store, [SamplePlans.entry(id, "s1", .start)])
      }
      try same(try store.newestSequence(of: id), 1, "the newest sequence after the refusals")
    },
    Promise("an event of a step that is not there is refused") { open in
      let store = try open()
      let record = try running(store)
      try refuses(.damagedJournal, "an event of a step that is not there") {
        try append(store, [SamplePlans.entry(record.id, "none", .start)])
      }
    },
    Promise("a plan is not made twice") { open in
      let store = try open()
      let record = try running(store)
      try refuses(.damagedJournal, "a second creation") {
        try append(store, [Entry(plan: record.id, .planCreated(record.frozen))])
      }
      try refuses(.noInput, "a creation by append") {
        try append(store, [Entry(plan: PlanID(5), .planCreated(record.frozen))])
      }
    },
    Promise("facts frozen anew change the digest and void the approval") { open in
      let store = try open()
      let before = try running(store)
      let facts = [Fact(path: "/etc/fact", expectation: .digest(SHA256.hash([1])))]
      let entry = Entry(plan: before.id, step: "s1", .step(StepChange(.revoke, facts: facts)))
      try append(store, [entry])
      let after = try record(open(), before.id)
      try expect(after.step("s1")?.digest != before.step("s1")?.digest, "the digest is the old one")
      try same(after.step("s1")?.approval, nil, "the approval")
      try same(after.step("s1")?.state, .pending, "the state")
    },
    Promise("details of a step stay with it") { open in
      let store = try open()
      let plan = try running(store)
      let state = FileState.file(
        FileMetadata(mode: 0o644, uid: 0, gid: 0, modifiedNanos: 5), digest: .zero, size: 3)
      let bodies: [EventBody] = [
        .step(StepChange(.start)), .backup(Backup(path: "/etc/a", before: .absent)),
        .fileChanged(FileChange(path: "/etc/a", after: state)),
        .checkpoint(Checkpoint(done: 3, expected: 9, basis: "tree", millis: 8, outputBytes: 1)),
        .output(OutputSummary(bytes: 2, kept: 2)), .note(Note(topic: "runner", text: "began")),
        .control(.pause),
      ]
      let entries = bodies.map { Entry(plan: plan.id, step: "s1", $0) }
      try append(store, entries)
      let wanted = try plan.applying(entries, at: SamplePlans.stamp(1))
      try same(try open().plan(plan.id), wanted, "the record")
    },
    Promise("an empty append changes nothing") { open in
      let store = try open()
      let record = try running(store)
      try append(store, [])
      try same(try store.newestSequence(of: record.id), record.sequence, "the newest sequence")
    },
  ]

  static let chainPromises = [
    Promise("two openers take turns on one journal") { open in
      let (left, right) = (try open(), try open())
      let record = try running(left, steps: 12)
      for index in 1...12 {
        let step = StepID("s\(index)")
        let (one, other) = index % 2 == 0 ? (left, right) : (right, left)
        try append(one, [SamplePlans.entry(record.id, step, .start)])
        try append(other, [SamplePlans.succeeded(record.id, step)])
      }
      try append(right, [SamplePlans.entry(record.id, .succeed)])
      try same(try left.plan(record.id)?.state, .succeeded, "the state that the other wrote")
      try same(
        try left.newestSequence(of: record.id), record.sequence + 25, "the number of events")
    },
    Promise("events of several plans share one sequence") { open in
      let store = try open()
      let (one, other) = (try running(store), try running(store))
      let last = try append(
        store,
        [
          SamplePlans.entry(one.id, "s1", .start), SamplePlans.entry(other.id, "s1", .start),
          SamplePlans.succeeded(one.id, "s1"),
        ])
      try same(try store.newestSequence(of: one.id), last, "the newest of the first plan")
      try same(try store.newestSequence(of: other.id), last - 1, "the newest of the other plan")
    },
  ]
}

import PawlJournal
import PawlModel

extension JournalContract {
  static let planPromises = [
    Promise("a plan is read back as it was frozen, by every opener") { open in
      let frozen = SamplePlans.plan(steps: 4)
      let id = try open().createPlan(frozen, by: SamplePlans.actor, at: SamplePlans.stamp(7))
      let wanted = try PlanRecord(id: id, frozen: frozen, at: SamplePlans.stamp(7), sequence: 1)
      try same(try open().plan(id), wanted, "the record")
      try same(try open().newestSequence(of: id), 1, "its newest sequence")
    },
    Promise("plans are numbered from 1, without gaps") { open in
      let store = try open()
      for number in 1...3 {
        let id = try store.createPlan(
          SamplePlans.plan(), by: SamplePlans.actor, at: SamplePlans.stamp())
        try same(id, PlanID(Int64(number)), "the plan's number")
      }
    },
    Promise("there is nothing where no plan is") { open in
      let store = try open()
      try same(try store.plan(PlanID(99)), nil, "a plan that nobody made")
      try same(try store.newestSequence(of: PlanID(99)), 0, "its newest sequence")
      try refuses(.noInput, "an event of a plan that nobody made") {
        try append(store, [SamplePlans.entry(PlanID(99), .run)])
      }
    },
    Promise("a plan with two steps of one name is refused") { open in
      let store = try open()
      var plan = SamplePlans.plan(steps: 2)
      plan.steps[1].id = plan.steps[0].id
      try refuses(.badRecipe, "a plan with two steps of one name") {
        _ = try store.createPlan(plan, by: SamplePlans.actor, at: SamplePlans.stamp())
      }
      try same(try store.plan(PlanID(1)), nil, "the refused plan")
    },
    Promise("the journal keeps its number") { open in
      let first = try open().journalID
      try expect(!first.isEmpty, "the journal has no number")
      try same(try open().journalID, first, "the number of another opener")
    },
  ]
}

import PawlModel
import Testing

/// Both machines, written down by hand from the diagram. What is not in a table is refused.
private let stepTable: [StepState: [StepEvent: (StepState, StepAction)]] = [
  .pending: [.approve: (.approved, .nothing), .beginUndo: (.undoing, .undo)],
  .approved: [
    .revoke: (.pending, .ask), .skip: (.skipped, .nothing), .start: (.started, .perform),
    .prove: (.succeeded, .nothing), .beginUndo: (.undoing, .undo),
  ],
  .started: [
    .succeed: (.succeeded, .nothing), .fail: (.failed, .ask),
    .interrupt: (.interrupted, .nothing),
  ],
  .succeeded: [.goStale: (.stale, .nothing), .beginUndo: (.undoing, .undo)],
  .failed: [.approve: (.approved, .nothing), .beginUndo: (.undoing, .undo)],
  .interrupted: [
    .prove: (.succeeded, .nothing), .start: (.started, .perform),
    .approve: (.approved, .nothing), .beginUndo: (.undoing, .undo),
  ],
  .skipped: [.goStale: (.stale, .nothing)],
  .stale: [
    .skip: (.skipped, .nothing), .prove: (.succeeded, .nothing), .start: (.started, .perform),
    .approve: (.approved, .nothing), .beginUndo: (.undoing, .undo),
  ],
  .undoing: [
    .beginUndo: (.undoing, .undo), .finishUndo: (.undone, .nothing),
    .failUndo: (.undoFailed, .ask),
  ],
  .undone: [:],
  .undoFailed: [.beginUndo: (.undoing, .undo)],
]

private let waitings: [PlanEvent: (PlanState, PlanAction)] = [
  .run: (.running, .advance), .beginRollback: (.rollingBack, .undoSteps),
  .abandon: (.abandoned, .stop),
]

private let planTable: [PlanState: [PlanEvent: (PlanState, PlanAction)]] = [
  .planned: [.run: (.running, .advance), .abandon: (.abandoned, .stop)],
  .running: [
    .wait(.approval): (.waiting(.approval), .stop), .wait(.reboot): (.waiting(.reboot), .stop),
    .wait(.trial): (.waiting(.trial), .stop), .wait(.resources): (.waiting(.resources), .stop),
    .wait(.person): (.waiting(.person), .stop), .succeed: (.succeeded, .stop),
    .fail: (.failed, .stop),
  ],
  .waiting(.approval): waitings, .waiting(.reboot): waitings, .waiting(.trial): waitings,
  .waiting(.resources): waitings, .waiting(.person): waitings,
  .succeeded: [.beginRollback: (.rollingBack, .undoSteps)],
  .failed: [
    .run: (.running, .advance), .beginRollback: (.rollingBack, .undoSteps),
    .abandon: (.abandoned, .stop),
  ],
  .rollingBack: [
    .wait(.person): (.waiting(.person), .stop), .finishRollback: (.rolledBack, .stop),
    .failRollback: (.rollbackFailed, .stop),
  ],
  .rolledBack: [:],
  .rollbackFailed: [.beginRollback: (.rollingBack, .undoSteps)],
  .abandoned: [:],
]

@Suite struct MachineTests {
  @Test("A step moves exactly as the diagram says", arguments: StepState.allCases)
  func movesSteps(_ state: StepState) throws {
    let row = try #require(stepTable[state])
    for event in StepEvent.allCases {
      let next = StepMachine.next(state, event)
      #expect(next?.state == row[event]?.0, "\(state) on \(event)")
      #expect(next?.action == row[event]?.1, "\(state) on \(event)")
    }
  }

  @Test("A plan moves exactly as the diagram says", arguments: PlanState.allCases)
  func movesPlans(_ state: PlanState) throws {
    let row = try #require(planTable[state])
    for event in PlanEvent.allCases {
      let next = PlanMachine.next(state, event)
      #expect(next?.state == row[event]?.0, "\(state) on \(event)")
      #expect(next?.action == row[event]?.1, "\(state) on \(event)")
    }
  }

  @Test("Every state can be reached from the first one, and every pair was looked at")
  func reachesEverything() {
    #expect(StepState.allCases.count * StepEvent.allCases.count == 132)
    #expect(PlanState.allCases.count * PlanEvent.allCases.count == 156)
    var steps: Set<StepState> = [.pending]
    for _ in StepState.allCases {
      for state in steps {
        steps.formUnion(StepEvent.allCases.compactMap { StepMachine.next(state, $0)?.state })
      }
    }
    #expect(steps == Set(StepState.allCases))
    var plans: Set<PlanState> = [.planned]
    for _ in PlanState.allCases {
      for state in plans {
        plans.formUnion(PlanEvent.allCases.compactMap { PlanMachine.next(state, $0)?.state })
      }
    }
    #expect(plans == Set(PlanState.allCases))
  }

  @Test("The words of the journal lead back to the same state")
  func keepsWords() {
    for state in PlanState.allCases {
      #expect(PlanState(word: state.word, reason: state.waitReason) == state)
    }
    #expect(PlanState(word: "waiting", reason: nil) == nil)
    #expect(PlanState(word: "running", reason: .reboot) == nil)
  }
}

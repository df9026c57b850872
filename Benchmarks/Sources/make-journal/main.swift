import Glibc
import PawlJournal
import PawlModel

// usage: make-journal FILE EVENTS
// Makes a journal of at least EVENTS events: finished kernel plans, and a few that wait.

private let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2, let events = Int64(arguments[1]) else {
  complain("usage: make-journal FILE EVENTS")
  exit(64)
}

do {
  let journal = try SQLiteJournal.openOrCreate(path: arguments[0])
  var history = History(journal: journal)
  while history.events < events { try history.addFinishedPlans(20) }
  for _ in 0..<3 { try history.addWaitingPlan() }
  try journal.close()
  print("\(history.events) events, \(history.plans) plans")
} catch {
  complain("make-journal: \(error)")
  exit(1)
}

/// To standard error.
private func complain(_ sentence: String) {
  let line = Array((sentence + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

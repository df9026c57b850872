import Glibc

// usage: measure [--runs N] [--out FILE] PROGRAM ARGUMENT…
//
// Runs the program N times, one after the other, with nothing to read, its output in FILE
// (/dev/null otherwise), and prints one line a run:
//
//   wall_us own_us children_us peak_kb status
//
// own_us is the program's own CPU time, user and system, all threads; children_us that of its
// children and their children, as far as they were waited for; peak_kb the program's own peak of
// resident memory (VmHWM); status its exit status, 128 and more where a signal ended it.

private var runs = 1
private var out = "/dev/null"
private var words = CommandLine.arguments.dropFirst()
while let option = words.first, option.hasPrefix("--"), words.count > 1 {
  let value = words.dropFirst().first ?? ""
  words = words.dropFirst(2)
  switch option {
  case "--runs": runs = Int(value) ?? 1
  case "--out": out = value
  default: usage()
  }
}
guard !words.isEmpty else { usage() }

private func usage() -> Never {
  complain("usage: measure [--runs N] [--out FILE] PROGRAM ARGUMENT…")
  exit(64)
}

for _ in 0..<runs {
  do {
    print(try Run(Array(words), out: out).cost.line)
  } catch {
    complain("measure: \(error)")
    exit(1)
  }
}

/// To standard error.
private func complain(_ sentence: String) {
  let line = Array((sentence + "\n").utf8)
  _ = write(STDERR_FILENO, line, line.count)
}

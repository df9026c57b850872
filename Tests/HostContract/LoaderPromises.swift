import PawlHost
import PawlModel

extension LoaderContract {
  static let entryPromises: [Promise] = [
    Promise("the running release has an entry of the distribution, and it is what is started") {
      contract in
      let bench = try contract.bench()
      let running = try bench.loader.distributionEntry(of: bench.fixture.running)
      try contract.require(try bench.loader.plainChoice() == running, "another one is started")
      try contract.require(
        try bench.loader.entries().contains { $0 == running }, "it is not in the menu")
      let new = try bench.loader.distributionEntry(of: bench.fixture.new)
      try contract.require(new == nil, "the new release has an entry before it is added")
    },
    Promise("a release is added once, however often, and taken away again whole") { contract in
      let bench = try contract.bench()
      let before = try bench.snapshot()
      let entry = try bench.newEntry()
      let menu = try bench.loader.entries()
      try bench.loader.addKernel(bench.fixture.new, with: bench.tool)
      try contract.require(try bench.loader.entries() == menu, "the menu is another one")
      try contract.require(
        menu.filter { $0.image == entry.image }.count == 1, "it has several entries")
      try bench.loader.removeKernel(bench.fixture.new, with: bench.tool)
      try bench.loader.removeKernel(bench.fixture.new, with: bench.tool)
      let after = try bench.snapshot()
      try contract.require(after == before, changes(before, after))
    },
    Promise("the pinned fallback is first, and what a plain boot starts") { contract in
      let bench = try contract.bench()
      try bench.loader.write(bench.pinned, with: bench.tool)
      try bench.loader.verify(bench.pinned)
      let first = try bench.loader.entries().first
      try contract.require(first?.id == PawlEntries.fallbackID, "first is \(first?.id ?? "none")")
      try contract.require(first?.image == bench.fallback.image, "another image")
      try contract.require(first?.initrds == bench.fallback.initrds, "another initrd")
      let chosen = try bench.loader.plainChoice()
      try contract.require(chosen == first, "\(String(describing: chosen)) is started")
    },
    Promise("a trial has its token, it alone, and is not what a plain boot starts") { contract in
      let bench = try contract.bench()
      let wanted = try bench.trying()
      try bench.loader.write(wanted, with: bench.tool)
      for entry in try bench.loader.entries() {
        let tokens = entry.commandLine.split(separator: " ").filter { $0.hasPrefix("pawl.trial") }
        let own = entry.id == PawlEntries.trialID ? ["pawl.trial=\(LoaderBench.token)"] : []
        try contract.require(tokens.map(String.init) == own, "\(entry.id) has \(tokens)")
      }
      let trial = try bench.entry(PawlEntries.trialID)
      try contract.require(trial?.commandLine == wanted.trial?.commandLine, "another command line")
      let chosen = try bench.loader.plainChoice()
      try contract.require(chosen?.id == PawlEntries.fallbackID, "\(chosen?.id ?? "none")")
    },
    Promise("entries of others stay as they are, and kernels come and go beside Pawl's own") {
      contract in
      let bench = try contract.bench()
      let before = try bench.loader.entries()
      try bench.loader.write(bench.pinned, with: bench.tool)
      let pinned = try bench.loader.entries().filter { $0.id != PawlEntries.fallbackID }
      try contract.require(pinned == before, "\(pinned)")
      _ = try bench.newEntry()
      try bench.loader.verify(bench.pinned)
      try bench.loader.removeKernel(bench.fixture.new, with: bench.tool)
      try bench.loader.verify(bench.pinned)
    },
    Promise("a trial without its token, and a fallback with one, are not written") { contract in
      let bench = try contract.bench()
      var wanted = try bench.trying()
      let before = try bench.snapshot()
      wanted.trial?.commandLine = "root=/dev/vda1"
      try contract.requireRefusal("no token") { try bench.loader.write(wanted, with: bench.tool) }
      var other = bench.pinned
      other.fallback.commandLine += " pawl.trial=x"
      try contract.requireRefusal("a token") { try bench.loader.write(other, with: bench.tool) }
      try contract.require(try bench.snapshot() == before, "something was written")
    },
  ]

  static func changes(_ before: [String: Digest?], _ after: [String: Digest?]) -> String {
    let paths = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
    return "changed: " + paths.sorted().joined(separator: ", ")
  }

  static let choicePromises: [Promise] = [
    Promise("writing the same again changes no file") { contract in
      let bench = try contract.bench()
      let wanted = try bench.trying()
      try bench.loader.write(wanted, with: bench.tool)
      let before = try bench.snapshot()
      try bench.loader.write(wanted, with: bench.tool)
      let after = try bench.snapshot()
      try contract.require(after == before, changes(before, after))
    },
    Promise("what has proved itself is promoted, and the fallback stays") { contract in
      let bench = try contract.bench()
      try bench.loader.write(try bench.trying(), with: bench.tool)
      let wanted = try bench.promoted()
      try bench.loader.write(wanted, with: bench.tool)
      try bench.loader.verify(wanted)
      let chosen = try bench.loader.plainChoice()
      try contract.require(chosen?.image == wanted.promoted?.image, "\(String(describing: chosen))")
      try contract.require(try bench.entry(PawlEntries.trialID) == nil, "the trial is left")
      let first = try bench.loader.entries().first?.id
      try contract.require(first == PawlEntries.fallbackID, "first is \(first ?? "none")")
    },
    Promise("taken back whole, every file is as it was before Pawl came") { contract in
      let bench = try contract.bench()
      let before = try bench.snapshot()
      let chosen = try bench.loader.plainChoice()
      try bench.loader.write(bench.pinned, with: bench.tool)
      try bench.loader.write(try bench.trying(), with: bench.tool)
      try bench.loader.write(try bench.promoted(), with: bench.tool)
      try bench.loader.write(bench.pinned, with: bench.tool)
      try bench.loader.removeKernel(bench.fixture.new, with: bench.tool)
      for _ in 0..<2 { try bench.loader.write(nil, with: bench.tool) }
      try contract.require(try bench.loader.plainChoice() == chosen, "another one is started")
      let after = try bench.snapshot()
      try contract.require(after == before, changes(before, after))
    },
    Promise("where Pawl never was, taking back changes nothing") { contract in
      let bench = try contract.bench()
      let before = try bench.snapshot()
      try bench.loader.write(nil, with: bench.tool)
      let after = try bench.snapshot()
      try contract.require(after == before, changes(before, after))
    },
    Promise("what is started once is set, read, replaced and cleared") { contract in
      let bench = try contract.bench()
      try bench.loader.write(try bench.trying(), with: bench.tool)
      try bench.loader.clearOneShot(with: bench.tool)
      try contract.require(try bench.loader.oneShot() == nil, "something is set")
      for id in [PawlEntries.fallbackID, PawlEntries.trialID, PawlEntries.trialID] {
        try bench.loader.setOneShot(id, with: bench.tool)
        let found = try bench.loader.oneShot()
        try contract.require(found == id, "it is \(found ?? "none"), not \(id)")
      }
      let chosen = try bench.loader.plainChoice()
      try contract.require(chosen?.id == PawlEntries.fallbackID, "the plain choice is another")
      try contract.requireRefusal("an entry that is not there") {
        try bench.loader.setOneShot("pawl-none", with: bench.tool)
      }
      try bench.loader.clearOneShot(with: bench.tool)
      try contract.require(try bench.loader.oneShot() == nil, "it is still set")
    },
    Promise("an entry that goes is not left to be started once") { contract in
      let bench = try contract.bench()
      try bench.loader.write(try bench.trying(), with: bench.tool)
      try bench.loader.setOneShot(PawlEntries.trialID, with: bench.tool)
      try bench.loader.write(bench.pinned, with: bench.tool)
      try contract.require(try bench.loader.oneShot() == nil, "it is still set")
    },
    Promise("it is able to start an entry once, and says so") { contract in
      let bench = try contract.bench()
      let ability = bench.loader.oneShotAbility()
      try contract.require(ability == .able, "\(ability)")
    },
  ]

  static let verifyPromises: [Promise] = [
    Promise("a fallback that another program removed is named, and made again") { contract in
      try contract.mends(.fallbackRemoved, named: [PawlEntries.fallbackID])
    },
    Promise("a choice that another program changed is named, and made again") { contract in
      try contract.mends(.choiceChanged, named: [PawlEntries.fallbackID])
    },
    Promise("a trial that another program changed is named, and made again") { contract in
      try contract.mends(.trialChanged, named: [PawlEntries.trialID, "command line"])
    },
    Promise("a trial that nobody wants any more is named") { contract in
      let bench = try contract.bench()
      try bench.loader.write(try bench.trying(), with: bench.tool)
      let error = try contract.requireRefusal("a trial is left") {
        try bench.loader.verify(bench.pinned)
      }
      try contract.require(error.message.contains(PawlEntries.trialID), error.message)
    },
    Promise("an image that is gone is named") { contract in
      let bench = try contract.bench()
      try bench.loader.write(bench.pinned, with: bench.tool)
      let place = bench.fixture.root.path(bench.fallback.image)
      let host = LiveHost()
      try host.remove(at: place, expecting: host.state(at: place), as: bench.fixture.identity)
      let error = try contract.requireRefusal("the image is gone") {
        try bench.loader.verify(bench.pinned)
      }
      try contract.require(error.message.contains(bench.fallback.image), error.message)
    },
  ]

  private func mends(_ disturbance: LoaderDisturbance, named: [String]) throws {
    let bench = try bench()
    let wanted = try bench.trying()
    try bench.loader.write(wanted, with: bench.tool)
    try bench.fixture.disturb(disturbance)
    let error = try requireRefusal("nothing is missed") { try bench.loader.verify(wanted) }
    try require(error.code == .refused, "the code is \(error.code.name)")
    for word in named { try require(error.message.contains(word), error.message) }
    try bench.loader.write(wanted, with: bench.tool)
    try bench.loader.verify(wanted)
  }
}

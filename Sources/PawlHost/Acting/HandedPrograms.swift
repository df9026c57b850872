import CPawl
import Glibc
import PawlModel

/// What a program that root starts is given to run: the script of an interpreter, the program
/// behind `env` or `nice`. All of it is trusted as a program is, or nothing is started.
struct HandedPrograms {
  typealias Refusal = ProgramPath.Refusal

  let request: ProcessRequest

  private var program: ProgramPath { ProgramPath(request: request) }

  /// `names`: what the program is called, and what it is called where links lead.
  func check(names: [String]) throws(Refusal) {
    try checkVariables()
    try check(names: names, request.argv.dropFirst())
  }

  private func check(names: [String], _ arguments: ArraySlice<String>) throws(Refusal) {
    if names.contains(where: ProgramRunners.isMake) { throw HandedPrograms.make }
    if names.contains(where: ProgramRunners.isMultiCall), let applet = arguments.first {
      return try check(names: [ProgramRunners.name(applet)], arguments.dropFirst())
    }
    guard let name = names.first(where: { ProgramRunners.reach(of: $0) != nil }) else { return }
    // Interpreters look for code in the folder they are started in, and what a relative path
    // names is not there now may be there in a moment.
    try inspect(request.directory, of: name, isLead: true, doing: "entered by \(name)")
    switch ProgramRunners.reach(of: name) {
    case .every: try checkEvery(arguments, of: name)
    case .after(let options):
      guard let start = arguments.firstIndex(where: options.contains) else { return }
      try checkEvery(arguments[(start + 1)...], of: name)
    case .values(let options):
      for value in HandedPrograms.values(of: options, in: arguments) {
        try checkWords(of: value, of: name, isLead: true)
      }
    case nil: return
    }
  }

  /// The lead goes up to the script or program. In it folders count too (where code is looked
  /// for, a new root, a folder that is itself run), and so does what is not there: somebody could
  /// put it there in time. What follows is worked on; only files that are there count.
  private func checkEvery(_ arguments: ArraySlice<String>, of name: String) throws(Refusal) {
    var isLead = true
    for argument in arguments {
      try checkWords(of: argument, of: name, isLead: isLead)
      guard isLead else { continue }
      if ProgramRunners.codeOptions.contains(argument) { isLead = false }
      guard let inner = file(argument).map(ProgramRunners.name) else { continue }
      if ProgramRunners.isWrapper(name), ProgramRunners.isMake(inner) { throw HandedPrograms.make }
      isLead = ProgramRunners.leadsOn(inner)
    }
  }

  private func checkWords(of argument: String, of name: String, isLead: Bool) throws(Refusal) {
    for word in HandedPrograms.words(of: argument) {
      if word.contains("/") {
        try inspect(program.absolute(word), of: name, isLead: isLead)
      } else if let path = file(word) {
        try inspect(path, of: name, isLead: isLead)
      }
    }
  }

  private func checkVariables() throws(Refusal) {
    for (name, value) in request.environment.sorted(by: { $0.key < $1.key })
    where ProgramRunners.variables.contains(name) {
      for word in HandedPrograms.words(of: value) where word.contains("/") {
        try inspect(
          program.absolute(word), of: name, isLead: true, doing: "loaded by way of \(name)")
      }
    }
  }

  // MARK: - One path

  private func inspect(
    _ path: String, of name: String, isLead: Bool, doing: String? = nil
  ) throws(Refusal) {
    let standing = Standing.following(path)
    if standing?.isDevice == true { return }
    if !isLead, standing?.isFolder != false { return }
    do throws(TrustedPath.Fault) { try TrustedPath(path: path).check() } catch {
      guard case .writable(let part, let who) = error else { return }
      throw .untrusted(path, part: part, by: who, doing: doing ?? "handed to \(name)")
    }
    guard name == "run-parts", standing?.isFolder == true else { return }
    for inner in HandedPrograms.names(in: path) {
      try inspect("\(path)/\(inner)", of: name, isLead: false)
    }
  }

  private static func names(in folder: String) -> [String] {
    let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0, let handle = try? Descriptor(taking: opened, "list", folder) else {
      return []
    }
    return (try? FolderListing.names(in: handle, path: folder)) ?? []
  }

  /// The file that a word names: by its path, else a program of the PATH.
  private func file(_ word: String) -> String? {
    let path = program.absolute(word)
    if let found = Standing.following(path), !found.isFolder, !found.isDevice { return path }
    return word.contains("/") ? nil : program.found(word)
  }

  // MARK: - Arguments

  /// The argument itself, and what stands in it behind an option, an `=` or a blank.
  private static func words(of argument: String) -> [String] {
    var words = [argument]
    words += argument.split { separators.contains($0) }.map(String.init)
    if argument.hasPrefix("-"), let slash = argument.firstIndex(of: "/") {
      words.append(String(argument[slash...]))
    }
    var seen: Set<String> = []
    return words.filter { !$0.isEmpty && seen.insert($0).inserted }
  }

  private static let separators = Set<Character>(" \t\n'\"`=:;,|&<>()")

  private static func values(
    of options: Set<String>, in arguments: ArraySlice<String>
  ) -> [String] {
    var values: [String] = []
    var isNext = false
    for argument in arguments {
      if isNext || options.contains(where: { argument.hasPrefix($0) && argument != $0 }) {
        values.append(argument)
      }
      isNext = options.contains(argument)
    }
    return values
  }

  private static let make = Refusal(
    sentence: "make is not run as root: it runs whatever the files of the tree say. Let the step "
      + "run without root, and install what it staged with copy_tree.")
}

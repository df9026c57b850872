import Glibc
import PawlModel

/// Finds the program of a request, and for root makes sure that nobody else could have put it
/// there, nor anything that it is given to run. A refusal is a sentence: the program counts as not
/// started.
struct ProgramPath {
  struct Refusal: Error { let sentence: String }

  let request: ProcessRequest

  func resolve() throws(Refusal) -> String {
    guard let name = request.argv.first, !name.isEmpty else {
      throw Refusal(sentence: "No program was named.")
    }
    let path = try name.contains("/") ? absolute(name) : search(name)
    if request.identity.isRoot {
      let real = try requireTrusted(path)
      try HandedPrograms(request: request).check(names: [path, real].map(ProgramRunners.name))
    }
    return path
  }

  func absolute(_ name: String) -> String {
    name.hasPrefix("/") ? name : request.directory + "/" + name
  }

  /// The program that this word means to `execvp`; nil where there is none.
  func found(_ name: String) -> String? {
    folders.lazy.filter { $0.hasPrefix("/") }.map { $0 + "/" + name }.first { path in
      Standing.following(path).map { $0.isFile && $0.permissions & 0o111 != 0 } ?? false
    }
  }

  private var folders: [Substring] {
    (request.environment["PATH"] ?? "").split(separator: ":")
  }

  private func search(_ name: String) throws(Refusal) -> String {
    if let path = found(name) { return path }
    let places = folders.isEmpty ? "no folders" : folders.joined(separator: ", ")
    throw Refusal(sentence: "\(name) was not found in the PATH of the plan (\(places)).")
  }

  /// Answers with the path without links.
  private func requireTrusted(_ path: String) throws(Refusal) -> String {
    do { return try TrustedPath(path: path).check() } catch {
      switch error {
      case .missing(let code):
        throw Refusal(sentence: "\(path) is not there: \(reason(code)).")
      case .loop: throw Refusal(sentence: "\(path) is a loop of links.")
      case .writable(let part, let who): throw .untrusted(path, part: part, by: who)
      }
    }
  }
}

extension ProgramPath.Refusal {
  /// `doing` is what root does not do with it: `run`, `handed to bash`.
  static func untrusted(_ path: String, part: String, by who: String, doing: String = "run")
    -> ProgramPath.Refusal
  {
    let what = part == path ? "it" : part
    return ProgramPath.Refusal(
      sentence: "\(path) is not \(doing) as root, since \(who) can write to \(what). Make it "
        + "root's alone, or let the step run without root.")
  }
}

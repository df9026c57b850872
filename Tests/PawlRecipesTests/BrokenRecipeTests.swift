import PawlModel
import PawlRecipes
import Testing

@Suite struct BrokenRecipeTests {
  @Test(
    "A broken recipe is told in words, with line and column",
    arguments: BrokenRecipes.all)
  func findsProblem(_ broken: Broken) {
    let findings = RecipeLinter.lint(bytes: Array(broken.yaml.utf8), fileName: "x.yaml")
    let found = findings.contains {
      $0.severity == broken.severity && $0.line == broken.line && $0.column == broken.column
        && ($0.message + " " + $0.instead).contains(broken.fragment)
    }
    #expect(found, "\(findings.map(\.description).joined(separator: "\n"))")
    #expect(findings.allSatisfy { !$0.instead.isEmpty && !$0.message.isEmpty })
  }

  @Test("A recipe with an error is refused with exit 65; one with warnings only is read")
  func refusesErrorsOnly() throws {
    for broken in BrokenRecipes.errors {
      let result = Recipe.read(bytes: Array(broken.yaml.utf8), fileName: "x.yaml")
      let error = #expect(throws: PawlError.self) { try result.get() }
      #expect(error?.code == .badRecipe)
    }
    for doubtful in BrokenRecipes.warnings {
      #expect(throws: Never.self) { try Recipe.read(bytes: Array(doubtful.yaml.utf8)).get() }
    }
  }

  @Test("Every problem of a file is found in one look, in the order of its lines")
  func findsAllAtOnce() throws {
    let findings = RecipeLinter.lint(
      bytes: try Fixtures.bytes("broken/everything.yaml"), fileName: "everything.yaml")
    #expect(findings.filter { $0.severity == .error }.count >= 17)
    #expect(findings.map(\.position) == findings.map(\.position).sorted())
    #expect(
      Set(findings.map(\.line)).isSuperset(of: [1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 16, 17, 18, 19]))
  }

  @Test("The ways of the web to rebuild a kernel are each refused, with the way to do it")
  func refusesShellKernel() throws {
    let lines = RecipeLinter.lint(
      bytes: try Fixtures.bytes("broken/kernel-by-shell.yaml"), fileName: "k.yaml"
    ).filter { $0.severity == .error }.map(\.line)
    #expect(lines == [6, 10, 14, 14, 18, 22])
  }

  @Test("Tools that change guarded files need a backup; tools that read them do not")
  func tellsReadersFromWriters() throws {
    let lines = RecipeLinter.lint(
      bytes: try Fixtures.bytes("broken/edits-by-tools.yaml"), fileName: "e.yaml"
    ).filter { $0.severity == .error }.map(\.line)
    #expect(lines == [6, 16, 20, 24, 28, 32])
  }
}

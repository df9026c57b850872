import Testing

@testable import PawlRecipes

@Suite struct PatternTests {
  @Test(
    "A pattern takes whole values, with or without its anchors",
    arguments: [
      ("^[a-z0-9_-]+$", "vfio-pci", true), ("^[a-z0-9_-]+$", "Vfio", false),
      ("[a-z]+", "ab1", false), ("a|bc", "bc", true), ("^(yes|no)$", "yesno", false),
      ("^a$|^b$", "b", true), ("", "", true), ("", "a", false), ("a{2,3}", "aa", true),
      ("a{2,3}", "aaaa", false), ("a{2}", "aa", true), ("a{2,}", "aaaaa", true),
      ("a?b", "b", true), (".*", "x\ny", false), ("[^a]", "b", true), ("[^a]", "a", false),
      ("[]a]", "]", true), ("[a-]", "-", true), ("\\d+\\.\\w", "12.x", true),
      ("(?:ab)+", "abab", true), ("^$", "", true), ("a", "a\n", false), ("[\\s]", " ", true),
      ("(a*)*b", "aaab", true), ("é+", "éé", true),
    ])
  func matches(_ pattern: String, _ value: String, _ expected: Bool) throws {
    #expect(try #require(Pattern(pattern)).matches(value) == expected)
  }

  @Test(
    "What is not of the small language is refused with a reason",
    arguments: [
      "(", ")", "[a", "a{", "a{3,2}", "a{999}", "*a", "+", "(?=a)", "\\1", "\\", "[z-a]", "{2}",
      String(repeating: "(", count: 100), String(repeating: "a", count: 501),
      "((a{255}){255}){255}",
    ])
  func refuses(_ pattern: String) {
    #expect(Pattern(pattern) == nil)
    #expect(Pattern.problem(in: pattern)?.isEmpty == false)
  }

  @Test("A pattern that would keep others busy for ever answers at once")
  func isLinear() throws {
    let pattern = try #require(Pattern("^(a+)+(a|aa)*(a*)*$"))
    #expect(!pattern.matches(String(repeating: "a", count: 5000) + "!"))
  }
}

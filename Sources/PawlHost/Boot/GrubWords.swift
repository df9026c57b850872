/// One line of a GRUB script, split as GRUB does: commands at `;`, quotes joined, escapes taken out,
/// variables left as they stand. (GRUB manual, "Writing full configuration files directly".)
struct GrubWords {
  private(set) var commands: [[String]] = []

  /// Of the whole line.
  var words: [String] { commands.flatMap(\.self) }

  init(_ line: some StringProtocol) {
    var words: [String] = []
    var word = ""
    var isWord = false
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        word.append(character)
        (isEscaped, isWord) = (false, true)
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "'" || character == "\"" {
        (quote, isWord) = (character, true)
      } else if character == "#", !isWord {
        break
      } else if character == " " || character == "\t" || character == ";" {
        if isWord { words.append(word) }
        (word, isWord) = ("", false)
        if character == ";" {
          commands.append(words)
          words = []
        }
      } else {
        word.append(character)
        isWord = true
      }
    }
    if isWord { words.append(word) }
    commands.append(words)
    commands.removeAll(where: \.isEmpty)
  }
}

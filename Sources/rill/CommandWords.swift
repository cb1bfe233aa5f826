/// Takes a command apart into its words, as a shell would, and no further.
///
/// Spaces part words; single quotes hold everything together, double quotes all but a backslash
/// before `"` or `\`, and a backslash the next character. Nothing is expanded.
///
/// - Parameter text: What was typed.
/// - Returns: The words; nil when a quote is left open, or a backslash ends the text.
func commandWords(_ text: String) -> [String]? {
  var words: [String] = []
  var word: String?
  var quote: Character?
  var rest = Substring(text)
  while let character = rest.popFirst() {
    switch (character, quote) {
    case ("\\", nil):
      guard let next = rest.popFirst() else { return nil }
      word = (word ?? "") + String(next)
    case ("\\", "\"") where rest.first == "\"" || rest.first == "\\":
      word = (word ?? "") + String(rest.removeFirst())
    case (_, .some(let open)):
      if character == open {
        quote = nil
      } else {
        word = (word ?? "") + String(character)
      }
    case ("'", nil), ("\"", nil):
      quote = character
      word = word ?? ""
    case (_, nil):
      if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
  }
  guard quote == nil else { return nil }
  if let word { words.append(word) }
  return words
}

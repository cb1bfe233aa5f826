import FeedText

/// What is said of a command that help was asked for.
struct HelpText {
  /// As it is printed.
  let lines: [String]

  /// Takes over a message; nil where it is something else, such as the version.
  ///
  /// - Parameters:
  ///   - message: The library's words, laid out for the terminal line by line: its usage on one,
  ///     and of a paragraph each line by itself.
  ///   - columns: Cells in a line.
  init?(_ message: String, columns: Int) {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let usage = lines.firstIndex(where: { $0.hasPrefix("USAGE: ") }) else { return nil }
    let words = columns < 80 ? Self.filled(lines[..<usage], columns) : Array(lines[..<usage])
    self.lines = words + Self.parted(lines[usage], columns) + lines[(usage + 1)...]
  }

  /// Paragraphs that were written for wider terminals; what is indented stays as it is.
  private static func filled(_ lines: ArraySlice<String>, _ columns: Int) -> [String] {
    var filled: [String] = []
    var paragraph: [String] = []
    for line in lines {
      if !line.isEmpty, !line.hasPrefix(" ") {
        paragraph.append(line)
        continue
      }
      filled += wrapped(paragraph.joined(separator: " "), width: columns) + [line]
      paragraph = []
    }
    return filled + wrapped(paragraph.joined(separator: " "), width: columns)
  }

  /// Breaks a usage between two words, and never within one that may be left out.
  static func parted(_ usage: String, _ columns: Int) -> [String] {
    let columns = min(80, columns)
    var words = [""]
    var depth = 0
    for character in usage {
      if character == " ", depth == 0 {
        words.append("")
        continue
      }
      if "[<".contains(character) { depth += 1 }
      if "]>".contains(character) { depth -= 1 }
      words[words.count - 1].append(character)
    }
    return words.dropFirst()
      .reduce(into: [words[0]]) { lines, word in
        if lines[lines.count - 1].count + 1 + word.count <= columns {
          lines[lines.count - 1] += " " + word
        } else {
          lines.append("    " + word)
        }
      }
  }
}

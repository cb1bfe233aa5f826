import FeedJSON

/// Ids as they were typed; where one is `-` those of standard input.
///
/// There each word is an id, and a line that is a JSON object has it as its member `id`, so that a list
/// can be handed on as it is.
func typedIDs(_ ids: [String]) throws -> [String] {
  guard ids.contains("-") else { return ids }
  var words: [String] = []
  for line in String(decoding: try standardInput(), as: UTF8.self)
    .split(whereSeparator: \.isNewline)
  {
    if let id = memberID(of: line) {
      words.append(id)
    } else {
      words += line.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }
  return ids.flatMap { $0 == "-" ? words : [$0] }
}

/// The member `id` of a line of JSON; nil for any other line.
private func memberID(of line: Substring) -> String? {
  guard line.first == "{" else { return nil }
  var reader = JSONReader(Array(line.utf8))
  // What is no JSON is taken for ids, and refused as such.
  guard case .object(let members)? = try? reader.value(), case .string(let id)? = members["id"]
  else { return nil }
  return id
}

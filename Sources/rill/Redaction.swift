/// A text with what proves who asks taken out of its addresses.
///
/// User and password of an address are hidden, and the values in its query whose names sound like a
/// secret: `https://ann:pw@host/feed?token=x&page=2` becomes `https://***@host/feed?token=***&page=2`.
/// For all that a person reads and may pass on; output for programs holds addresses as they are.
func redacted(_ text: String) -> String {
  // Most text is a title or a word of ours.
  guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
  var result = ""
  var rest = text[...]
  while let scheme = rest.firstRange(of: "://") {
    result += rest[..<scheme.upperBound]
    rest = rest[scheme.upperBound...]
    let address = rest.prefix { !$0.isWhitespace && !"\"'<>".contains($0) }
    rest = rest[address.endIndex...]
    result += redacted(address: address)
  }
  return result + rest
}

/// Redacts what follows the scheme of an address.
private func redacted(address: Substring) -> String {
  let authority = address.prefix { !"/?#".contains($0) }
  var result = address
  var shown = ""
  if let at = authority.lastIndex(of: "@") {
    shown = "***@"
    result = address[address.index(after: at)...]
  }
  guard let mark = result.firstIndex(of: "?") else { return shown + result }
  shown += result[...mark]
  let query = result[result.index(after: mark)...].prefix { $0 != "#" }
  let members = query.split(separator: "&", omittingEmptySubsequences: false).map(redacted(member:))
  return shown + members.joined(separator: "&") + result[query.endIndex...]
}

/// Redacts the value of one `name=value` of a query.
private func redacted(member: Substring) -> String {
  guard let equals = member.firstIndex(of: "=") else { return String(member) }
  let name = member[..<equals].lowercased()
  guard secretNames.contains(where: name.contains) else { return String(member) }
  // What ends a sentence is not of the value.
  let end = member.reversed().prefix { ".,:;)".contains($0) }.reversed()
  return member[...equals] + "***" + String(end)
}

/// Parts of the names under which services put secrets into a query.
private let secretNames = ["token", "key", "auth", "pass", "pwd", "sig", "session", "secret"]

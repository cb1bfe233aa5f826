/// One link of a `Link` field (RFC 8288 §3).
struct LinkField: Hashable, Sendable {
  /// A reference, as it stands between the angle brackets.
  var target: String
  /// The relation types of the first `rel`, in lower case.
  var relations: [String]

  /// Reads the links of one field; what cannot be read is left out.
  ///
  /// A link with an `anchor` says something of another document, so it is left out too.
  static func links(_ field: String) -> [LinkField] {
    var rest = Substring(field).utf8
    var links: [LinkField] = []
    while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { break }
      let target = String(Substring(rest[..<end]))
      rest = rest[rest.index(after: end)...]
      let parameters = takeParameters(&rest)
      guard !parameters.contains(where: { $0.name == "anchor" }),
        let rel = parameters.first(where: { $0.name == "rel" })?.value
      else { continue }
      let relations = rel.lowercased().split { $0 == " " || $0 == "\t" }.map(String.init)
      links.append(LinkField(target: target, relations: relations))
    }
    return links
  }

  /// Takes what stands up to the comma that ends the link.
  private static func takeParameters(
    _ rest: inout Substring.UTF8View
  ) -> [(name: String, value: String)] {
    var parameters: [(name: String, value: String)] = []
    var name: [UInt8] = []
    var value: [UInt8] = []
    var isValue = false
    func flush() {
      let text = String(decoding: name, as: UTF8.self).filter { !$0.isWhitespace }.lowercased()
      let trimmed = String(decoding: value, as: UTF8.self).drop { $0.isWhitespace }
      if !text.isEmpty { parameters.append((text, String(trimmed))) }
      (name, value, isValue) = ([], [], false)
    }
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: ","):
        flush()
        return parameters
      case UInt8(ascii: ";"): flush()
      case UInt8(ascii: "=") where !isValue: isValue = true
      case UInt8(ascii: "\"") where isValue: takeQuoted(&rest, into: &value)
      default: if isValue { value.append(byte) } else { name.append(byte) }
      }
    }
    flush()
    return parameters
  }

  /// Takes what stands up to the closing quotation mark (RFC 9110 §5.6.4).
  private static func takeQuoted(_ rest: inout Substring.UTF8View, into value: inout [UInt8]) {
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
        value.append(next)
      } else {
        value.append(byte)
      }
    }
  }
}

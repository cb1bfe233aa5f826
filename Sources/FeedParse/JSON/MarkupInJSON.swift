import FeedJSON

/// Writes a feed of XML that stands as JSON as XML again: RSS-in-JSON, and Atom by the same rules.
///
/// `{"rss": {"channel": {"title": "T", "item": [{"title": "A"}]}}}` is what RSS-in-JSON looks like.
/// Programs that turn XML into JSON agree on elements, and on little else, so all their ways are
/// read: an attribute is a member as any other, or its name begins with `@` or `-`, or it stands
/// in an object `@attributes` or `$`; the text beside it is `#text`, `#value`, `$t`, `_` and so on.
///
/// Text goes into CDATA sections, so that none of it is looked at byte by byte here. The channel is
/// written as it is read: what is complete before a cut stays.
struct MarkupInJSON {
  /// Names of root elements.
  static let roots: Set<String> = ["rss", "rdf:RDF", "rdf", "RDF", "feed", "channel"]

  /// The document so far; elements that a cut left open stay open.
  private(set) var xml: [UInt8] = []
  /// The root is Atom's.
  private(set) var isAtom = false
  private var prefixes = Set(Self.namespaces.keys)
  /// Something was left out, since a name in JSON becomes two tags in XML, each time.
  private(set) var isCut = false

  /// Elements that hold a feed's parts: a member of theirs is an element, never an attribute.
  private static let containers: Set<String> = [
    "rss", "rdf:rdf", "rdf", "feed", "channel", "items", "item", "entry",
  ]
  /// Those whose members are written one by one.
  private static let frames: Set<String> = ["rss", "rdf:rdf", "rdf", "feed", "channel"]
  private static let depthMax = 32
  /// Of all the XML, and of one item: what is longer is left out.
  private static let writtenBytesMax = Limit.documentBytes.value - 2 * Limit.articleBytes.value
  private static let elementBytesMax = 2 * Limit.articleBytes.value
  private static let attributesMax = 64

  /// What prefixes mean when nobody says so.
  private static let namespaces: [String: String] = [
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "wfw": "http://wellformedweb.org/CommentAPI/",
  ]

  /// Reads the value of the root's member.
  mutating func readRoot(_ name: String, from json: inout JSONReader) throws(JSONError) {
    isAtom = name == "feed"
    var look = json
    var attributes = Attributes()
    // What is cut off or broken is met again below, and noted there.
    try? look.object { name, json throws(JSONError) in
      guard let name = Self.attributeName(name) ?? Self.declaration(name) else {
        return try json.skip()
      }
      if let value = try Self.scalar(&json) { attributes.add(name, value) }
    }
    var declared = Set<String>()
    for name in attributes.names where name.hasPrefix("xmlns:") {
      declared.insert(String(name.dropFirst(6)))
    }
    prefixes.formUnion(declared)
    for (prefix, uri) in Self.namespaces where !declared.contains(prefix) {
      attributes.add("xmlns:" + prefix, uri)
    }
    guard name == "channel" else { return try frame(name, attributes, &json, depth: 0) }
    xml.append("<rss", attributes)
    xml.append(UInt8(ascii: ">"))
    try frame(name, Attributes(), &json, depth: 1)
    xml.append(contentsOf: "</rss>".utf8)
  }

  /// An element whose members are its parts, each written as soon as it is read.
  private mutating func frame(
    _ name: String,
    _ attributes: Attributes,
    _ json: inout JSONReader,
    depth: Int
  ) throws(JSONError) {
    xml.append("<\(name)", attributes)
    xml.append(UInt8(ascii: ">"))
    try json.object { name, json throws(JSONError) in
      try write(name, &json, depth: depth + 1)
    }
    xml.append(contentsOf: "</\(name)>".utf8)
  }

  /// One member of a frame; in an array each element is one.
  private mutating func write(
    _ member: String,
    _ json: inout JSONReader,
    depth: Int
  ) throws(JSONError) {
    guard let name = elementName(member), depth < Self.depthMax else { return try json.skip() }
    guard xml.count < Self.writtenBytesMax else {
      isCut = true
      return try json.skip()
    }
    switch json.peek() {
    case UInt8(ascii: "["):
      try json.array { json throws(JSONError) in try write(member, &json, depth: depth + 1) }
    case UInt8(ascii: "{") where Self.frames.contains(name.lowercased()):
      try frame(name, Attributes(), &json, depth: depth)
    default:
      let bytes = try element(member, &json, depth: depth)
      if bytes.count < Self.elementBytesMax { xml += bytes } else { isCut = true }
    }
  }

  /// One element with all that it holds, or several where an array stands; nothing for null.
  private func element(
    _ member: String,
    _ json: inout JSONReader,
    depth: Int
  ) throws(JSONError) -> [UInt8] {
    guard let name = elementName(member), depth < Self.depthMax else {
      try json.skip()
      return []
    }
    var bytes: [UInt8] = []
    switch json.peek() {
    case UInt8(ascii: "["):
      try json.array { json throws(JSONError) in
        guard bytes.count < Self.elementBytesMax else { return try json.skip() }
        bytes += try element(member, &json, depth: depth + 1)
      }
    case UInt8(ascii: "{"):
      let parts = try parts(of: name, &json, depth: depth)
      bytes.append("<\(name)", parts.attributes)
      bytes.append(UInt8(ascii: ">"))
      if let text = parts.text { bytes.append(section: text) } else { bytes += parts.plain }
      bytes += parts.elements
      bytes.append(contentsOf: "</\(name)>".utf8)
    default:
      guard let text = try Self.scalar(&json) else { break }
      bytes.append(contentsOf: "<\(name)>".utf8)
      bytes.append(section: text)
      bytes.append(contentsOf: "</\(name)>".utf8)
    }
    return bytes
  }

  /// What the members of an object are.
  private struct Parts {
    var attributes = Attributes()
    var text: String?
    /// Members with a plain value, as elements: that is what they are when there is no text.
    var plain: [UInt8] = []
    var elements: [UInt8] = []
  }

  private func parts(
    of name: String,
    _ json: inout JSONReader,
    depth: Int
  ) throws(JSONError) -> Parts {
    let isContainer = Self.containers.contains(name.lowercased())
    let isOfModule = name.contains(":")
    var parts = Parts()
    try json.object { member, json throws(JSONError) in
      let isPlain = json.peek() != UInt8(ascii: "{") && json.peek() != UInt8(ascii: "[")
      if isPlain,
        Self.textNames.contains(member)
          || !isContainer && !isOfModule && Self.looseTextNames.contains(member)
      {
        parts.text = try Self.scalar(&json) ?? parts.text
      } else if Self.attributeSets.contains(member), json.peek() == UInt8(ascii: "{") {
        try json.object { member, json throws(JSONError) in
          guard let value = try Self.scalar(&json) else { return }
          parts.attributes.add(attribute(member), value)
        }
      } else if let name = Self.attributeName(member) {
        guard let value = try Self.scalar(&json) else { return }
        parts.attributes.add(attribute(name), value)
      } else if isPlain, !isContainer {
        var look = json
        parts.plain += try element(member, &json, depth: depth + 1)
        guard let value = try Self.scalar(&look) else { return }
        parts.attributes.add(attribute(member), value)
      } else if parts.elements.count < Self.elementBytesMax {
        parts.elements += try element(member, &json, depth: depth + 1)
      } else {
        try json.skip()
      }
    }
    return parts
  }

  // MARK: Names

  private static let textNames: Set<String> = [
    "#text", "#value", "#content", "#cdata-section", "#cdata", "$t", "$text", "_", "__text",
    "_text", "__cdata", "_cdata", "@value", "@text", "-text",
  ]
  /// Names that an element might have as well.
  private static let looseTextNames: Set<String> = ["value", "content", "text", "label"]
  private static let attributeSets: Set<String> = [
    "@attributes", "$", "_attributes", "$attributes", "attributes",
  ]

  /// The name of a member that can only be an attribute; nil for any other.
  private static func attributeName(_ member: String) -> String? {
    guard let first = member.first, first == "@" || first == "-" else { return nil }
    return colons(member.dropFirst())
  }

  /// The name of a member of the root that declares a namespace or a version; nil for any other.
  private static func declaration(_ member: String) -> String? {
    let name = colons(member[...])
    return name == "version" || name == "xmlns" || name.hasPrefix("xmlns:")
      || name.hasPrefix("xml:") ? name : nil
  }

  /// Google's way to write a prefix is `media$title`.
  private static func colons(_ name: Substring) -> String {
    name.contains("$") ? String(name.map { $0 == "$" ? ":" : $0 }) : String(name)
  }

  /// The name of an attribute; empty when it is none that XML can hold here.
  private func attribute(_ member: String) -> String {
    let name = Self.colons(member[...])
    return name.hasPrefix("xmlns") || !isName(name) ? "" : name
  }

  /// The name of an element; nil when it is none that XML can hold here.
  private func elementName(_ member: String) -> String? {
    let name = Self.colons(member[...])
    return isName(name) ? name : nil
  }

  /// A short name of XML in ASCII, with a prefix that is declared or without one.
  private func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 64,
      Bytes.isLetter(first) || first == UInt8(ascii: "_"),
      name.utf8.allSatisfy({ $0 < 0x80 && DocumentGuard.continuesName($0) })
    else { return false }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count < 3, parts.last?.utf8.first.map(DocumentGuard.startsName) == true else {
      return false
    }
    return parts.count == 1 || parts[0] == "xml" || prefixes.contains(String(parts[0]))
  }

  /// A text, a number or a flag as text; nil for null, and for what is no plain value.
  private static func scalar(_ json: inout JSONReader) throws(JSONError) -> String? {
    switch json.peek() {
    case UInt8(ascii: "\""): return try json.string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return try json.bool() ? "true" : "false"
    case let byte? where byte == UInt8(ascii: "-") || Bytes.isDigit(byte): return try json.number()
    default:
      try json.skip()
      return nil
    }
  }

  /// The attributes of one element, each once.
  fileprivate struct Attributes {
    private(set) var names: [String] = []
    private(set) var bytes: [UInt8] = []

    mutating func add(_ name: String, _ value: String) {
      guard !name.isEmpty, !names.contains(name), names.count < MarkupInJSON.attributesMax,
        value.utf8.count <= Limit.urlBytes.value
      else { return }
      names.append(name)
      bytes.append(contentsOf: " \(name)=\"".utf8)
      for byte in value.utf8 {
        switch byte {
        case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
        case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
        case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
        default: bytes.append(byte)
        }
      }
      bytes.append(UInt8(ascii: "\""))
    }
  }
}

extension Array<UInt8> {
  fileprivate mutating func append(_ tag: String, _ attributes: MarkupInJSON.Attributes) {
    append(contentsOf: tag.utf8)
    append(contentsOf: attributes.bytes)
  }

  /// Appends a text as CDATA, in two sections where it holds the end of one.
  fileprivate mutating func append(section text: String) {
    let bytes = text.utf8.span
    append(contentsOf: "<![CDATA[".utf8)
    var start = 0
    while let end = Bytes.find("]]>", in: bytes, start..<bytes.count) {
      append(bytes, start..<end + 2)
      append(contentsOf: "]]><![CDATA[".utf8)
      start = end + 2
    }
    append(bytes, start..<bytes.count)
    append(contentsOf: "]]>".utf8)
  }
}

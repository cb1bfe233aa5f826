/// What an attribute may say.
enum AttributeRule {
  /// Any words, for a person to read.
  case words
  /// A whole number, perhaps a percentage.
  case number
  /// One of a few words.
  case oneOf(Set<String>)
  /// A language tag, a date, a media type: letters, digits and a few signs.
  case token
  /// The classes that colour code.
  case codeClass
  /// An address.
  case url(URLPlace)
  /// Addresses of pictures in several sizes.
  case sourceSet

  /// The rule for an attribute of an element; nil when it is not allowed there.
  init?(_ name: String, on tag: HTMLTag) {
    switch (name, tag) {
    case ("title", _): self = .words
    case ("lang", _): self = .token
    case ("dir", _): self = .oneOf(["ltr", "rtl", "auto"])
    case ("href", .a): self = .url(.link)
    case ("src", .img), ("poster", .video): self = .url(.image)
    case ("src", .audio), ("src", .video), ("src", .source): self = .url(.media)
    case ("srcset", .img): self = .sourceSet
    case ("alt", .img): self = .words
    case ("width", .img), ("height", .img), ("width", .video), ("height", .video): self = .number
    case ("type", .source): self = .token
    case ("cite", .blockquote), ("cite", .q), ("cite", .del), ("cite", .ins): self = .url(.media)
    case ("datetime", .time), ("datetime", .del), ("datetime", .ins): self = .token
    case ("start", .ol), ("value", .li): self = .number
    case ("reversed", .ol), ("open", .details): self = .oneOf([""])
    case ("type", .ol): self = .oneOf(["1", "a", "A", "i", "I"])
    case ("colspan", .td), ("colspan", .th), ("rowspan", .td), ("rowspan", .th): self = .number
    case ("span", .col), ("span", .colgroup): self = .number
    case ("scope", .th): self = .oneOf(["row", "col", "rowgroup", "colgroup"])
    case ("align", .td), ("align", .th): self = .oneOf(["left", "right", "center"])
    case ("class", .code), ("class", .pre), ("class", .span): self = .codeClass
    default: return nil
    }
  }

  /// The value as it is written; nil when it is not allowed.
  func apply(to value: String, resolver: inout AddressResolver) -> String? {
    switch self {
    case .words: return value
    case .number:
      let digits = value.utf8.drop { $0 == UInt8(ascii: "-") }
      let isNumber = digits.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "%") }
      return isNumber && !digits.isEmpty && value.utf8.count <= 6 ? value : nil
    case .oneOf(let values):
      // `open` and `open="open"` say the same.
      if values == [""] { return "" }
      return values.contains(value) ? value : nil
    case .token:
      let isToken = value.utf8.allSatisfy {
        $0.isASCIILetter || (0x30...0x39).contains($0) || "-_+:/.; ".utf8.contains($0)
      }
      return isToken && value.utf8.count <= 64 ? value : nil
    case .codeClass:
      let classes = value.split { $0.isWhitespace }.filter(Self.isCodeClass)
      return classes.isEmpty ? nil : classes.joined(separator: " ")
    case .url(let place): return resolver.url(value, in: place)
    case .sourceSet: return Self.sources(value, resolver: &resolver)
    }
  }

  private static func isCodeClass(_ name: Substring) -> Bool {
    ["language-", "lang-", "hljs", "highlight"].contains { name.hasPrefix($0) }
      && name.utf8.count <= 40
      && name.utf8.allSatisfy {
        $0.isASCIILetter || (0x30...0x39).contains($0) || "-_+#".utf8.contains($0)
      }
  }

  /// HTML §4.8.4.2: addresses, each with a width or a density, parted by commas.
  private static func sources(_ value: String, resolver: inout AddressResolver) -> String? {
    var kept: [String] = []
    var rest = value[...]
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "," }
      guard !rest.isEmpty else { break }
      var address = rest.prefix { !$0.isWhitespace }
      rest = rest[address.endIndex...]
      var descriptor: Substring = ""
      if address.last == "," {
        while address.last == "," { address.removeLast() }
      } else {
        descriptor = rest.prefix { $0 != "," }
        rest = rest[descriptor.endIndex...]
      }
      let size = descriptor.filter { !$0.isWhitespace }
      let isSize =
        size.isEmpty
        || "wxh".contains(size.suffix(1)) && size.utf8.count <= 8
          && size.dropLast().utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
      if isSize, let url = resolver.url(String(address), in: .image), !url.contains(",") {
        kept.append(size.isEmpty ? url : "\(url) \(size)")
      }
    }
    return kept.isEmpty ? nil : kept.joined(separator: ", ")
  }
}

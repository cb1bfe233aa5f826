import FeedModel

/// What is claimed about the encoding of a document, strongest first.
struct EncodingSources {
  /// One claim, as it was written and as it is understood.
  struct Claim: Equatable {
    var label: String
    var encoding: CharacterEncoding
  }

  /// Behind the byte order mark of UTF-8; 0 when there is none.
  private(set) var start = 0
  /// UTF-16 or UTF-32, by a byte order mark or by the pattern of the first bytes.
  private(set) var wide: (unitBytes: Int, isBigEndian: Bool)?
  /// The content type's and the XML declaration's, those that are known.
  private(set) var claims: [Claim] = []

  /// Looks at the first bytes, the content type and the XML declaration.
  init(_ bytes: [UInt8], contentType: String?, issues: inout IssueLog) {
    if let form = Self.widePattern(bytes) {
      wide = (form.unitBytes, form.isBigEndian)
      start = form.start
      return
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    if bytes.starts(with: Self.ebcdicDeclaration) {
      claims = [Self.ebcdicClaim(bytes)]
      return
    }
    let labels = [
      contentType.flatMap { Self.parameter("charset", of: $0) },
      Self.declaredEncoding(bytes[start...]),
    ]
    for case let label? in labels {
      if let encoding = CharacterEncoding(label: label) {
        // A document that can be read as ASCII up to its declaration is not UTF-16.
        let isWide = if case .wide = encoding { true } else { false }
        if isWide || encoding.isEBCDIC {
          issues.note(.wrongEncoding, detail: "\(label) is claimed, and the text is not")
          continue
        }
        claims.append(Claim(label: label, encoding: encoding))
      } else {
        issues.note(.unknownEncoding, detail: label)
      }
    }
  }

  /// `<?xm` in EBCDIC (XML 1.0 appendix F).
  private static let ebcdicDeclaration: [UInt8] = [0x4C, 0x6F, 0xA7, 0x94]

  /// The page of EBCDIC that a document names; the letters of the name are the same in all.
  private static func ebcdicClaim(_ bytes: [UInt8]) -> Claim {
    let common = Claim(label: "IBM037", encoding: .iconv("IBM037"))
    guard let head = convertToUTF8(bytes.prefix(256), from: "IBM037", byteMax: 1024)?.text,
      let label = declaredEncoding(head[...]),
      let encoding = CharacterEncoding(label: label), encoding.isEBCDIC
    else { return common }
    return Claim(label: label, encoding: encoding)
  }

  /// The marks of Unicode, and the forms of two characters of ASCII without one (XML 1.0
  /// appendix F).
  private static func widePattern(
    _ bytes: [UInt8]
  ) -> (unitBytes: Int, isBigEndian: Bool, start: Int)? {
    let head = Array(bytes.prefix(4))
    guard head.count == 4 else { return nil }
    switch (head[0], head[1], head[2], head[3]) {
    case (0, 0, 0xFE, 0xFF): return (4, true, 4)
    case (0xFF, 0xFE, 0, 0): return (4, false, 4)
    case (0xFE, 0xFF, _, _): return (2, true, 2)
    case (0xFF, 0xFE, _, _): return (2, false, 2)
    case (0, 0, 0, 0x3C): return (4, true, 0)
    case (0x3C, 0, 0, 0): return (4, false, 0)
    case (0, 1..., 0, 1...): return (2, true, 0)
    case (1..., 0, 1..., 0): return (2, false, 0)
    default: return nil
    }
  }

  /// The value of a parameter of a media type (RFC 9110 §8.3.1), quotes taken off.
  static func parameter(_ name: String, of contentType: String) -> String? {
    for part in contentType.split(separator: ";").dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      let key = pair[0].filter { !$0.isWhitespace }
      guard key.lowercased() == name else { continue }
      let value = pair[1].filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
      if !value.isEmpty { return value }
    }
    return nil
  }

  /// The encoding that the XML declaration names (XML 1.0 §4.3.3); nil when there is none.
  private static func declaredEncoding(_ bytes: ArraySlice<UInt8>) -> String? {
    let head = Array(bytes.prefix(1024))
    guard let open = Bytes.find("<?xml", in: head.span, 0..<head.count),
      let close = Bytes.find("?>", in: head.span, open..<head.count)
    else { return nil }
    let words = head[open..<close]
      .split { Bytes.isSpace($0) || Bytes.isOne($0, of: "=\"'") }
    guard let place = words.firstIndex(where: { $0.elementsEqual("encoding".utf8) }),
      place + 1 < words.count
    else { return nil }
    return String(decoding: words[place + 1], as: UTF8.self)
  }
}

/// The header fields of a final response that are looked at, in the order in which they came.
struct ResponseFields: Hashable, Sendable {
  /// A field by its name (RFC 9110 §5.1).
  enum Name: Hashable, Sendable {
    case age, cacheControl, contentEncoding, contentRange, contentType, date, etag, expires,
      lastModified
    case instanceManipulation, link, location, retryAfter
    case rateLimitRemaining, rateLimitReset
    case amazonAction, cloudflareMitigated, dataDome, vercelMitigated

    /// Recognises a name in any case.
    ///
    /// The length tells nearly all names apart, so that of a head of thirty lines hardly any is
    /// compared.
    init?(_ bytes: UnsafeRawBufferPointer) {
      func isName(_ text: StaticString) -> Bool {
        unsafe bytes.elementsEqual(
          UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        ) { byte, expected in
          byte == expected || (0x41...0x5A).contains(byte) && byte | 0x20 == expected
        }
      }
      let match: Name? =
        switch bytes.count {
        case 2: isName("im") ? .instanceManipulation : nil
        case 3: isName("age") ? .age : nil
        case 4: isName("etag") ? .etag : isName("date") ? .date : isName("link") ? .link : nil
        case 6: isName("x-dd-b") ? .dataDome : nil
        case 7: isName("expires") ? .expires : nil
        case 8: isName("location") ? .location : nil
        case 11: isName("retry-after") ? .retryAfter : nil
        case 12:
          isName("content-type")
            ? .contentType : isName("cf-mitigated") ? .cloudflareMitigated : nil
        case 13:
          isName("last-modified")
            ? .lastModified
            : isName("cache-control")
              ? .cacheControl : isName("content-range") ? .contentRange : nil
        case 15: isName("ratelimit-reset") ? .rateLimitReset : nil
        case 16: isName("content-encoding") ? .contentEncoding : nil
        case 17:
          isName("x-ratelimit-reset")
            ? .rateLimitReset : isName("x-amzn-waf-action") ? .amazonAction : nil
        case 18: isName("x-vercel-mitigated") ? .vercelMitigated : nil
        case 19: isName("ratelimit-remaining") ? .rateLimitRemaining : nil
        case 21: isName("x-ratelimit-remaining") ? .rateLimitRemaining : nil
        default: nil
        }
      guard let match else { return nil }
      self = match
    }
  }

  private struct Field: Hashable, Sendable {
    var name: Name
    var value: String
  }

  private var fields: [Field] = []

  /// Adds a field.
  mutating func append(_ name: Name, _ value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Adds to the value of the field that was added last.
  mutating func extendLast(_ more: String) {
    guard let last = fields.indices.last else { return }
    fields[last].value += " " + more
  }

  /// The last field of a name; of two that contradict each other always the same one.
  func last(_ name: Name) -> String? { fields.last { $0.name == name }?.value }

  /// All fields of a name.
  func all(_ name: Name) -> [String] {
    fields.compactMap { $0.name == name ? $0.value : nil }
  }

  /// All fields of a name as one list (RFC 9110 §5.3); nil when there is none.
  func joined(_ name: Name) -> String? {
    var text: String?
    for field in fields where field.name == name {
      text = text.map { $0 + "," + field.value } ?? field.value
    }
    return text
  }
}

/// A URL against which many references are resolved (RFC 3986 §5.2), as those of one article.
///
/// Most references leave nothing to take apart: then their text is put behind that of the base.
public struct ReferenceBase: Sendable {
  /// The base.
  public let url: WebURL
  /// What stands before the path.
  private let site: String
  /// The path up to its last slash.
  private let directory: Substring
  /// The URL without its fragment: footnotes are the most frequent references of all.
  private let page: String

  /// Looks at a base once.
  public init(_ url: WebURL) {
    self.url = url
    site = url.siteText
    page = url.withoutFragment.text
    directory = url.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { url.path[...$0] } ?? "/"
  }

  /// The text of what a reference resolves to.
  ///
  /// - Parameter reference: A relative or an absolute reference.
  /// - Returns: The same as `WebURL.resolving(_:)` and its `text`.
  public func text(_ reference: String) -> String? {
    let bytes = reference.utf8.span
    guard url.host != nil, bytes.count > 0, Self.isPlain(bytes) else { return slowText(reference) }
    switch bytes[0] {
    case UInt8(ascii: "#"): return joined(page, "", reference)
    case UInt8(ascii: "?"): return slowText(reference)
    case UInt8(ascii: "/"):
      let startsAuthority = bytes.count > 1 && bytes[1] == UInt8(ascii: "/")
      return startsAuthority ? slowText(reference) : joined(site, "", reference)
    default:
      guard WebURL.schemeEnd(reference) == nil else { return slowText(reference) }
      return joined(site, directory, reference)
    }
  }

  private func slowText(_ reference: String) -> String? { url.resolving(reference)?.text }

  private func joined(_ start: String, _ directory: Substring, _ reference: String) -> String {
    var text = ""
    text.reserveCapacity(start.utf8.count + directory.utf8.count + reference.utf8.count)
    text += start
    text += directory
    text += reference
    return text
  }

  /// Whether every byte stands in a URL as it is, and no segment may be `.` or `..`.
  private static func isPlain(_ bytes: Span<UInt8>) -> Bool {
    var before = UInt8(ascii: "/")
    for index in bytes.indices {
      let byte = bytes[index]
      guard WebURL.isPlain(byte) else { return false }
      if before == UInt8(ascii: "/"), byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%") {
        return false
      }
      before = byte
    }
    return true
  }
}

import FeedModel

/// Where an address stands decides which schemes it may have.
enum URLPlace {
  /// What a person follows: http, https, mailto.
  case link
  /// A picture: http, https, and pictures written into the address itself.
  case image
  /// Sound and film: http, https.
  case media
}

/// Makes the addresses of one text absolute, within bounds.
///
/// A short reference becomes as long as its base. So a base that is too long is none, and what is
/// resolved in one text is counted: beyond that, references are refused as they are without a base.
struct AddressResolver {
  /// A longer base is passed over.
  static let baseBytesMax = 2048
  /// A longer relative reference is refused.
  static let urlBytesMax = 8192
  /// What all references of one text may cost and grow to.
  static let resolvedBytesMax = 16 << 20

  private var base: WebURL?
  private var spentBytes = 0

  /// Begins with a base; one that cannot be read, or is too long, is none.
  init(baseURL: String?) {
    guard let baseURL, baseURL.utf8.count <= Self.baseBytesMax else { return }
    base = WebURL(baseURL)
  }

  /// Takes another base, itself relative to the one before; one that is too long changes nothing.
  mutating func rebase(_ reference: String) {
    guard let url = url(reference, in: .media), url.utf8.count <= Self.baseBytesMax else { return }
    base = WebURL(url)
  }

  /// Makes an address absolute, and refuses what must not be followed or loaded.
  ///
  /// - Parameters:
  ///   - reference: The value of an attribute with its character references decoded.
  ///   - place: Where the address stands.
  /// - Returns: An absolute address of printable ASCII; nil when it is relative without a base,
  ///   cannot be read, or has a scheme that does not belong there.
  mutating func url(_ reference: String, in place: URLPlace) -> String? {
    let mended = mendingSlashes(reference)
    guard let url = WebURL(mended) ?? resolved(mended) else { return nil }
    switch (url.scheme, place) {
    case ("http", _), ("https", _): return url.isWeb ? url.text : nil
    case ("mailto", .link): return url.path.isEmpty ? nil : url.text
    case ("data", .image): return isPicture(url.path) ? url.text : nil
    default: return nil
    }
  }

  private mutating func resolved(_ reference: String) -> WebURL? {
    guard let base, reference.utf8.count <= Self.urlBytesMax else { return nil }
    // What it costs to look at both, also where the outcome is short. Paths are dear: they are
    // taken apart and put together again.
    spentBytes += reference.utf8.count + 4 * base.path.utf8.count + (base.host?.utf8.count ?? 0)
    guard spentBytes <= Self.resolvedBytesMax else { return nil }
    return base.resolving(reference)
  }
}

/// Browsers read a backslash as a slash before the query, so that is what it has to be here
/// (WHATWG URL §4.4).
private func mendingSlashes(_ reference: String) -> String {
  guard reference.utf8.contains(UInt8(ascii: "\\")) else { return reference }
  let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
  return String(reference[..<end].map { $0 == "\\" ? "/" : $0 }) + reference[end...]
}

/// The part of a `data:` address after the scheme is a picture that holds no script.
private func isPicture(_ path: String) -> Bool {
  let type = path.prefix { $0 != ";" && $0 != "," }.lowercased()
  return ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(type)
}

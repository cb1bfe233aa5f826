import FeedModel

/// Judges the addresses of a list: only what is fetched from the web passes.
struct ListedAddresses {
  /// Why an address was not taken, in words.
  enum Rejection: String, Error {
    case missing = "it has no address"
    case command = "its address is a command"
    case file = "its address is a file"
    case script = "its address is a script"
    case scheme = "its address is neither http nor https"
    case relative = "its address is not a whole URL"
    case unreadable = "its address cannot be read"
    case scrapedPage = "it is a page that another reader takes apart, and no feed"
    case query = "it is a search of newsboat's, and no feed"
    case shell = "it is more than one plain call, and nothing is run"
  }

  private let base: WebURL?
  private var resolver = ReferenceResolver()

  init(baseURL: String?) { base = resolver.base(baseURL) }

  /// The caps that were passed, each once.
  var passed: [Limit] { resolver.passed }

  /// Judges what stands as the address of a feed.
  mutating func address(_ text: String) -> Result<WebURL, Rejection> {
    guard !text.isEmpty else { return .failure(.missing) }
    guard text.utf8.count <= Limit.urlBytes.value else { return .failure(.unreadable) }
    guard text.utf8.first != UInt8(ascii: "|") else { return .failure(.command) }
    guard var url = WebURL(text) else {
      guard !hasScheme(text) else { return .failure(Self.rejection(ofScheme: scheme(text))) }
      guard let base else { return .failure(.relative) }
      guard let text = resolver.text(text, against: base), let url = WebURL(text), url.isWeb else {
        return .failure(.unreadable)
      }
      return .success(url)
    }
    if url.scheme == "feed" {
      guard let inner = Self.unwrapped(url) else { return .failure(.unreadable) }
      url = inner
    }
    switch url.scheme {
    case "http", "https": return url.isWeb ? .success(url) : .failure(.unreadable)
    default: return .failure(Self.rejection(ofScheme: url.scheme))
    }
  }

  private static func rejection(ofScheme scheme: String) -> Rejection {
    switch scheme {
    case "http", "https", "feed": .unreadable
    case "exec", "filter": .command
    case "file": .file
    case "javascript", "vbscript", "data": .script
    case "query": .query
    default: .scheme
    }
  }

  private func scheme(_ text: String) -> String { text.prefix { $0 != ":" }.lowercased() }

  /// The page of a feed or of an owner; nil when it is not one of the web.
  mutating func site(_ text: String) -> String? {
    guard case .success(let url) = address(text) else { return nil }
    return url.withoutUserinfo.text
  }

  /// `feed:https://x`, `feed://x` and `feed://https://x` stand for an address of the web.
  private static func unwrapped(_ url: WebURL) -> WebURL? {
    let rest = url.text.dropFirst("feed:".count)
    guard rest.hasPrefix("//") else { return WebURL(String(rest)) }
    let inner = rest.dropFirst(2)
    // The colon of an inner scheme is gone: it was read as that of a port.
    for scheme in ["https", "http"] where inner.hasPrefix(scheme + "//") {
      return WebURL(scheme + ":" + inner.dropFirst(scheme.count))
    }
    return WebURL("http:" + rest)
  }
}

/// A text with the user and the password taken out of each address in it.
func withoutUserinfo(_ text: String) -> String {
  guard text.holds("@") else { return text }
  var kept: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
    kept += rest[...slash]
    rest = rest[(slash + 1)...]
    guard rest.first == UInt8(ascii: "/") else { continue }
    // What follows two slashes is an authority (RFC 3986 §3.2).
    let authority = rest.dropFirst().prefix { !"/?# ".utf8.contains($0) }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { continue }
    kept.append(UInt8(ascii: "/"))
    rest = rest[(at + 1)...]
  }
  return String(decoding: kept + rest, as: UTF8.self)
}

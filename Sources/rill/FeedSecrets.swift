import FeedModel

/// What is set for one feed on this machine alone: what is secret, and what makes it weaker.
///
/// It belongs to the origin that the feed had when it was set: a feed that leads elsewhere is asked
/// without, but for the proxy, which belongs to the way.
struct FeedSecrets: Hashable, Sendable {
  /// Where a password comes from.
  enum Password: Hashable, Sendable {
    /// It is written in the credential file.
    case text(String)
    /// The first line of what a command prints: an argument vector, no shell.
    case command([String])
  }

  /// Scheme, host and port that it is for.
  var origin: String
  /// Who asks.
  var user: String?
  /// What proves it.
  var password: Password?
  /// Fields that are added to each request.
  var headers: [HeaderField] = []
  /// The URL of a proxy.
  var proxy: String?
  /// Any certificate is taken.
  var acceptsAnyCertificate = false

  /// Nothing is set for an origin.
  init(origin: String) { self.origin = origin }

  /// There is nothing to keep.
  var isEmpty: Bool { self == FeedSecrets(origin: origin) }

  /// Whether something of it is not used at a URL; a proxy always is.
  func isLeftOut(at url: String) -> Bool {
    var bound = self
    bound.proxy = nil
    return !bound.isEmpty && !covers(url)
  }

  /// Whether it is for a URL: one of its origin, or of the same host by https in place of http.
  func covers(_ url: String) -> Bool {
    guard let url = WebURL(url) else { return false }
    return url.origin == origin
      || url.scheme == "https" && url.port == nil
        && origin == "http://" + (url.host ?? "")
  }
}

/// The origin of a feed's URL; for a local file its path.
func origin(of url: String) -> String { WebURL(url)?.origin ?? url }

/// An address with the user and the password taken out of it.
struct PlainAddress {
  /// The address without them.
  var address: String
  /// Them, decoded; nil when the address had none.
  var credentials: Credentials?

  /// Takes an address apart.
  init(_ address: String) {
    self.address = address
    guard let url = WebURL(address), let userinfo = url.userinfo else { return }
    self.address = url.withoutUserinfo.text
    let parts = userinfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let user = percentDecoded(parts.first ?? "")
    guard !userinfo.isEmpty else { return }
    credentials = Credentials(
      user: user,
      password: parts.count > 1 ? percentDecoded(parts[1]) : ""
    )
  }
}

/// A URL as it may be shown: user and password are hidden.
func shown(_ url: String) -> String {
  guard let parsed = WebURL(url), parsed.userinfo != nil else { return url }
  return parsed.scheme + "://***@" + parsed.withoutUserinfo.text.dropFirst(parsed.scheme.count + 3)
}

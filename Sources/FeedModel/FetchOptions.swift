/// How one feed is asked, where it differs from the others.
///
/// All of it but the proxy belongs to the origin of the feed's URL: what leads elsewhere, such as a
/// redirect to another host, port or scheme, is asked without. The proxy is the way and not a
/// secret: who asks through one is not to be seen without it.
public struct FetchOptions: Hashable, Sendable {
  /// Who asks, in place of Rill's own `User-Agent`.
  public var userAgent: String?
  /// Fields that are added to the request.
  public var headers: [HeaderField] = []
  /// What to prove oneself with (RFC 7617).
  public var credentials: Credentials?
  /// HTTP/2 is not offered.
  public var isHTTP1Only = false
  /// The URL of a proxy for this feed; nil takes that of all feeds.
  public var proxy: String?
  /// Any certificate is taken.
  public var acceptsAnyCertificate = false

  /// Nothing is different.
  public init() {}
}

/// One field of a request.
public struct HeaderField: Hashable, Sendable {
  /// The name: a token (RFC 9110 §5.1).
  public let name: String
  /// The value, without line ends.
  public let value: String

  /// Reads `Name: value`; nil when it cannot stand in a request.
  ///
  /// What libcurl or Rill writes itself (`Host`, `Content-Length`, `Transfer-Encoding`,
  /// `Connection`, `If-None-Match` and the like) is refused too.
  public init?(_ line: String) {
    guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = String(line[..<colon])
    let value = line[line.utf8.index(after: colon)...]
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte),
      !Self.reserved.contains(name.lowercased()),
      value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    let start = value.utf8.firstIndex { $0 != 0x20 && $0 != 0x09 }
    let end = value.utf8.lastIndex { $0 != 0x20 && $0 != 0x09 }
    guard let start, let end else { return nil }
    self.name = name
    self.value = String(value[start...end])
  }

  /// `Name: value`.
  public var line: String { "\(name): \(value)" }

  private static let reserved: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
    "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range",
    "accept-encoding", "a-im", "user-agent", "expect", "proxy-authorization", "referer",
  ]

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

/// A user's name and password, decoded.
public struct Credentials: Hashable, Sendable {
  /// The name; no colon can stand in it (RFC 7617 §2).
  public var user: String
  /// The password.
  public var password: String

  /// Keeps a pair.
  public init(user: String, password: String) {
    self.user = user
    self.password = password
  }
}

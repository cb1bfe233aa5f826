/// An absolute URL taken apart (RFC 3986 §3), as leniently as a browser would.
///
/// White space around it is dropped, and white space, controls and `"<>^`{|}` and bytes beyond
/// ASCII inside it are percent-encoded. Everything else stays as it was written: path and query
/// keep their case, their escapes and their order.
public struct WebURL: Hashable, Sendable {
  /// In lower case, without the colon.
  public private(set) var scheme: String
  /// `user:password`, without the `@`; nil when absent.
  public private(set) var userinfo: String?
  /// In lower case and ASCII, IPv6 in its brackets; nil for a URL without an authority, such as
  /// `mailto:`.
  public private(set) var host: String?
  /// The port that is written; nil when none is, or when it is the scheme's own.
  public private(set) var port: Int?
  /// With its slashes; `/` in place of an empty one when there is a host.
  public private(set) var path: String
  /// Without the question mark; nil when absent.
  public private(set) var query: String?
  /// Without the number sign; nil when absent.
  public private(set) var fragment: String?

  /// Reads an absolute URL; nil when the text has no scheme, or an authority that cannot be read.
  public init?(_ text: String) {
    let cleaned = Self.cleaned(text)
    guard let colon = Self.schemeEnd(cleaned) else { return nil }
    let scheme = cleaned[..<colon].lowercased()
    let rest = cleaned[cleaned.index(after: colon)...]
    self.init(scheme: scheme, rest: rest)
  }

  /// The URL as text.
  public var text: String {
    var text = siteText + path
    if let query { text += "?" + query }
    if let fragment { text += "#" + fragment }
    return text
  }

  /// What stands before the path.
  var siteText: String {
    var text = scheme + ":"
    if let host {
      text += "//"
      if let userinfo { text += userinfo + "@" }
      text += host
      if let port { text += ":\(port)" }
    }
    return text
  }

  /// Scheme, host and port: what credentials, headers and validators belong to (RFC 6454 §4).
  public var origin: String { "\(scheme)://\(host ?? "")" + (port.map { ":\($0)" } ?? "") }

  /// The URL is one that is fetched: `http` or `https` with a host.
  public var isWeb: Bool { (scheme == "http" || scheme == "https") && host?.isEmpty == false }

  /// The port that a connection is made to; nil when the scheme has none.
  public var effectivePort: Int? { port ?? Self.defaultPort(scheme) }

  /// The same URL without user and password.
  public var withoutUserinfo: WebURL {
    var copy = self
    copy.userinfo = nil
    return copy
  }

  /// The same URL without its fragment.
  public var withoutFragment: WebURL {
    var copy = self
    copy.fragment = nil
    return copy
  }

  /// Resolves a reference against this URL (RFC 3986 §5.2).
  ///
  /// - Parameter reference: A relative or an absolute reference; white space around it is dropped.
  /// - Returns: The absolute URL; nil when the reference has an authority that cannot be read.
  public func resolving(_ reference: String) -> WebURL? {
    let cleaned = Self.cleaned(reference)
    if Self.schemeEnd(cleaned) != nil { return WebURL(cleaned) }
    if Self.startsAuthority(cleaned[...]) { return WebURL(scheme: scheme, rest: cleaned[...]) }
    var target = self
    let parts = Self.parts(cleaned[...])
    target.fragment = parts.fragment
    if parts.path.isEmpty {
      if let query = parts.query { target.query = query }
      return target
    }
    target.query = parts.query
    if parts.path.utf8.first == slash {
      target.path = Self.removingDots(parts.path)
    } else if host == nil, path.utf8.first != slash {
      // A base such as `urn:x` or `mailto:x` has no hierarchy to resolve in.
      return nil
    } else {
      let directory = path.utf8.lastIndex(of: slash).map { path[...$0] } ?? "/"
      target.path = Self.removingDots(String(directory) + parts.path)
    }
    // Two slashes at the start would read back as a host (RFC 3986 §3.3).
    if host == nil, target.path.utf8.starts(with: [slash, slash]) {
      target.path = "/." + target.path
    }
    return target
  }

  private init?(scheme: String, rest: Substring) {
    self.scheme = scheme
    var rest = rest
    if Self.startsAuthority(rest) {
      rest = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
      let end =
        rest.utf8.firstIndex { $0 == slash || $0 == questionMark || $0 == numberSign }
        ?? rest.endIndex
      guard let authority = Authority(rest[..<end], scheme: scheme) else { return nil }
      userinfo = authority.userinfo
      host = authority.host
      port = authority.port
      rest = rest[end...]
    }
    let parts = Self.parts(rest)
    path = host == nil ? parts.path : Self.removingDots(parts.path.isEmpty ? "/" : parts.path)
    query = parts.query
    fragment = parts.fragment
  }

  static func startsAuthority(_ text: Substring) -> Bool {
    text.utf8.starts(with: [slash, slash])
  }

  static func defaultPort(_ scheme: String) -> Int? {
    switch scheme {
    case "http": 80
    case "https": 443
    default: nil
    }
  }

  /// Where the colon of a scheme stands (RFC 3986 §3.1); nil when there is none.
  static func schemeEnd(_ text: String) -> String.Index? {
    guard let first = text.utf8.first, isLetter(first) else { return nil }
    var index = text.utf8.startIndex
    while index < text.utf8.endIndex {
      let byte = text.utf8[index]
      if byte == UInt8(ascii: ":") { return index }
      // Digits, plus, hyphen and full stop.
      guard
        isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D
          || byte == 0x2E
      else { return nil }
      index = text.utf8.index(after: index)
    }
    return nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func parts(
    _ text: Substring
  ) -> (path: String, query: String?, fragment: String?) {
    var rest = text
    var fragment: String?
    var query: String?
    if let mark = rest.utf8.firstIndex(of: numberSign) {
      fragment = String(rest[rest.utf8.index(after: mark)...])
      rest = rest[..<mark]
    }
    if let mark = rest.utf8.firstIndex(of: questionMark) {
      query = String(rest[rest.utf8.index(after: mark)...])
      rest = rest[..<mark]
    }
    return (String(rest), query, fragment)
  }

  /// RFC 3986 §5.2.4, segment by segment.
  private static func removingDots(_ path: String) -> String {
    guard mayHaveDots(path) else { return path }
    var kept: [Substring.UTF8View] = []
    let segments = Substring(path).utf8.split(separator: slash, omittingEmptySubsequences: false)
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch Substring(segment) {
      case ".", "%2e", "%2E":
        if isLast { kept.append(Substring("").utf8) }
      case "..":
        if kept.count > 1 { kept.removeLast() }
        if isLast { kept.append(Substring("").utf8) }
      default: kept.append(segment)
      }
    }
    let joined = String(decoding: Array(kept.joined(separator: [slash])), as: UTF8.self)
    let lostRoot = path.utf8.first == slash && joined.utf8.first != slash
    return lostRoot ? "/" + joined : joined
  }

  /// Whether a segment begins with a full stop, written as such or as `%2e`.
  static func mayHaveDots(_ path: String) -> Bool {
    var before = slash
    for byte in path.utf8 {
      if before == slash, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "%") { return true }
      before = byte
    }
    return false
  }

  private static func cleaned(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    var bytes: [UInt8] = []
    let trimmed = Array(text.utf8)[...].drop { $0 <= 0x20 }
    let end = trimmed.lastIndex { $0 > 0x20 } ?? trimmed.startIndex - 1
    for byte in trimmed.prefix(through: max(end, trimmed.startIndex - 1)) {
      // The WHATWG URL standard drops tab and newline wherever they stand.
      if [0x09, 0x0A, 0x0D].contains(byte) { continue }
      if !isPlain(byte) {
        bytes.append(UInt8(ascii: "%"))
        for digit in [byte >> 4, byte & 15] {
          bytes.append(digit < 10 ? 0x30 + digit : 0x41 + digit - 10)
        }
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A byte that stands in a URL as it is.
  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
      false
    default: byte > 0x20 && byte < 0x7F
    }
  }
}

extension WebURL: CustomStringConvertible {
  /// The URL as text, without a password.
  public var description: String { withoutUserinfo.text }
}

private let slash = UInt8(ascii: "/")
private let questionMark = UInt8(ascii: "?")
private let numberSign = UInt8(ascii: "#")
private let colonMark = UInt8(ascii: ":")

/// What can only stand in a host by mistake or by malice (WHATWG URL §3.3).
private func isForbiddenInHost(_ byte: UInt8) -> Bool {
  switch byte {
  case 0...0x20, 0x7F, UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: ":"),
    UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "?"), UInt8(ascii: "@"),
    UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"), UInt8(ascii: "^"),
    UInt8(ascii: "|"), UInt8(ascii: "%"):
    true
  default: false
  }
}

/// `[` and `]` around nothing but the digits, colons and full stops of an IPv6 address
/// (RFC 3986 §3.2.2); the resolver reads it.
private func isAddressInBrackets(_ host: Substring) -> Bool {
  host.utf8.count > 2 && host.utf8.last == UInt8(ascii: "]")
    && host.utf8.dropFirst().dropLast()
      .allSatisfy {
        (0x30...0x3A).contains($0) || (0x61...0x66).contains($0 | 0x20) || $0 == 0x2E
      }
}

/// `user:password@host:port`.
private struct Authority {
  var userinfo: String?
  var host: String
  var port: Int?

  init?(_ text: Substring, scheme: String) {
    var rest = text
    if let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) {
      userinfo = String(rest[..<at])
      rest = rest[rest.utf8.index(after: at)...]
    }
    let colon: Substring.Index?
    if rest.utf8.first == UInt8(ascii: "[") {
      guard let bracket = rest.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      let after = rest.utf8.index(after: bracket)
      guard after == rest.endIndex || rest.utf8[after] == colonMark else { return nil }
      colon = after == rest.endIndex ? nil : after
    } else {
      colon = rest.utf8.firstIndex(of: colonMark)
    }
    if let colon {
      let digits = rest[rest.utf8.index(after: colon)...]
      if !digits.isEmpty {
        guard let number = Int(digits), (0...65_535).contains(number) else { return nil }
        if number != WebURL.defaultPort(scheme) { port = number }
      }
      rest = rest[..<colon]
    }
    if rest.utf8.first == UInt8(ascii: "[") {
      guard isAddressInBrackets(rest) else { return nil }
      host = rest.lowercased()
    } else {
      guard let name = asciiHost(rest), !name.utf8.contains(where: isForbiddenInHost) else {
        return nil
      }
      host = name
    }
  }
}

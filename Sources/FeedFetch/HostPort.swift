import FeedModel

/// What a connection is made to: a host and a port, whatever the scheme.
struct HostPort: Hashable, Sendable {
  /// In lower case, IPv6 in its brackets.
  var host: String
  /// 0 to 65535.
  var port: Int

  /// Describes a place.
  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// The place that a URL names; nil when it has no host or no port.
  init?(_ url: WebURL) {
    guard let host = url.host, !host.isEmpty, let port = url.effectivePort else { return nil }
    self.init(host: host, port: port)
  }

  /// Reads `host:port`; nil for anything else.
  init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port), colon != text.startIndex
    else { return nil }
    let host = text[..<colon].lowercased()
    guard !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]")) else { return nil }
    self.init(host: host, port: port)
  }
}

extension HostPort: CustomStringConvertible {
  /// `host:port`.
  var description: String { "\(host):\(port)" }
}

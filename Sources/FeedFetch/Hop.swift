import FeedModel

/// One request to one URL; a redirect is the next hop.
struct HopRequest: Hashable, Sendable {
  /// Without userinfo and fragment.
  var url: WebURL
  /// What the URL names.
  var place: HostPort
  /// How the request came by the URL.
  var standing: AddressGuard.Standing
  /// What is different for the feed, as far as it may go to this origin.
  var options = FetchOptions()
  /// What the connection goes to instead of the place.
  var usesProxy = false
  /// What to send, when this is the URL that issued them.
  var validators: Validators?
  /// How long the hop may take.
  var totalMilliseconds: Int
  /// An open connection is not used.
  var needsNewConnection = false

  /// The fields that libcurl does not write itself, as bytes without line ends.
  ///
  /// Validators go out byte for byte; what cannot stand in a field is left out.
  var headerLines: [[UInt8]] {
    var lines = options.headers.map { Array($0.line.utf8) }
    if !options.headers.contains(where: { $0.name.lowercased() == "accept" }) {
      lines.append(Self.accept)
    }
    if let bytes = Self.usable(validators?.etag) {
      lines.append(Array("If-None-Match: ".utf8) + bytes)
      // RFC 3229 §10.5.3: a delta is one from the instance that is named.
      lines.append(Self.acceptsDelta)
    }
    if let bytes = Self.usable(validators?.lastModified) {
      lines.append(Array("If-Modified-Since: ".utf8) + bytes)
    }
    return lines
  }

  /// The request asks for something newer than what is known.
  var isConditional: Bool {
    Self.usable(validators?.etag) != nil || Self.usable(validators?.lastModified) != nil
  }

  private static func usable(_ value: String?) -> [UInt8]? {
    guard let bytes = value.flatMap(HTTPText.bytes), !bytes.isEmpty else { return nil }
    return bytes
  }

  private static let acceptsDelta = Array("A-IM: feed".utf8)
  private static let accept = Array(
    ("Accept: application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
      + "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.8, */*;q=0.5")
      .utf8
  )
}

/// What came back for one hop.
struct HopResult: Hashable, Sendable {
  /// How a transfer ended.
  enum End: Hashable, Sendable {
    /// With a complete response.
    case complete
    /// The URL was refused.
    case badURL
    /// The name of the host has no address.
    case nameNotFound
    /// No connection.
    case connection
    /// No secure connection.
    case tls
    /// The deadline passed, or it was too slow.
    case timeout
    /// The connection broke.
    case cutOff
    /// The body is longer than the limit on the wire.
    case tooLarge
    /// The run was stopped.
    case cancelled
    /// Anything else, with libcurl's number.
    case other(Int)
  }

  var end: End
  /// libcurl's sentence about the end; empty for a complete response.
  var detail = ""
  /// The status code; 0 when there was no response.
  var status = 0
  var fields = ResponseFields()
  /// As it came over the wire.
  var body: [UInt8] = []
  var wireBytes = 0
  var elapsedMilliseconds = 0
  /// What answered.
  var address: IPAddress?
  /// What might have been reached and was refused.
  var refused: IPAddress?
  /// An open connection was used.
  var isOnUsedConnection = false
}

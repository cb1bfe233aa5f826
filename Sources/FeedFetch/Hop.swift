import FeedModel

/// One request to one URL; a redirect is the next hop.
struct HopRequest: Hashable, Sendable {
  /// Without userinfo and fragment.
  let url: WebURL
  /// The same as text.
  let urlText: String
  /// What the URL names.
  let place: HostPort
  /// How the request came by the URL.
  var standing: AddressGuard.Standing
  /// A redirect led to the URL.
  var followsRedirect = false
  /// What is different for the feed, as far as it may go to this origin.
  var options = FetchOptions()
  /// The connection goes to a proxy instead of the place.
  var usesProxy = false
  /// What to send, when this is the URL that issued them.
  var validators: Validators?
  /// How long the hop may take.
  var totalMilliseconds: Int
  /// Where the body goes; nil keeps it.
  var download: Download?
  /// An open connection is not used.
  var needsNewConnection = false

  /// Asks for a URL, plainly.
  init(
    url: WebURL,
    place: HostPort,
    standing: AddressGuard.Standing,
    totalMilliseconds: Int
  ) {
    self.url = url
    urlText = url.text
    self.place = place
    self.standing = standing
    self.totalMilliseconds = totalMilliseconds
  }

  /// The fields that libcurl does not write itself, one scalar for each byte.
  ///
  /// Validators go out byte for byte; what cannot stand in a field is left out.
  var headerLines: [String] {
    var lines: [String] = []
    lines.reserveCapacity(4 + options.headers.count)
    for field in options.headers { lines.append(HTTPText.text(field.line.utf8)) }
    if !options.headers.contains(where: { $0.name.lowercased() == "accept" }) {
      lines.append(Self.accept)
    }
    if let download { return lines + download.headerLines }
    if let etag = validators?.etag, HTTPText.isSendable(etag) {
      lines.append("If-None-Match: " + etag)
      // RFC 3229 §10.5.3: a delta is one from the instance that is named.
      lines.append("A-IM: feed")
    }
    if let date = validators?.lastModified, HTTPText.isSendable(date) {
      lines.append("If-Modified-Since: " + date)
    }
    return lines
  }

  /// The request asks for something newer than what is known.
  var isConditional: Bool {
    [validators?.etag, validators?.lastModified].contains { $0.map(HTTPText.isSendable) == true }
  }

  private static let accept =
    "Accept: application/atom+xml, application/rss+xml, application/feed+json, "
    + "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.8, "
    + "*/*;q=0.5"
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
    /// Not asked at all: the host wants to be left alone.
    case leftAlone
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

/// What a server gave to recognise a version of a document by (RFC 9110 §8.8).
///
/// The values are sent back byte for byte: quotes, `W/` and odd date forms included. Bytes above
/// 0x7F stand as the scalars U+0080 to U+00FF.
public struct Validators: Hashable, Sendable {
  /// The `ETag` field.
  public var etag: String?
  /// The `Last-Modified` field.
  public var lastModified: String?
  /// The URL whose response carried them, after redirects.
  ///
  /// They are sent to no other.
  public var url: String

  /// Keeps a pair; nil where the response had no such field.
  public init(etag: String?, lastModified: String?, url: String) {
    self.etag = etag
    self.lastModified = lastModified
    self.url = url
  }

  /// There is nothing to send.
  public var isEmpty: Bool { etag == nil && lastModified == nil }

  /// These, with what a 304 renewed (RFC 9110 §15.4.5); what it leaves out stays.
  public func renewed(by fresh: Validators) -> Validators {
    Validators(
      etag: fresh.etag ?? etag,
      lastModified: fresh.lastModified ?? lastModified,
      url: fresh.url
    )
  }
}

/// One request for one feed.
public struct FetchRequest: Hashable, Sendable {
  /// `http`, `https`, or the absolute path of a local file.
  public var url: String
  /// What to send for a conditional request; nil asks unconditionally.
  public var validators: Validators?
  /// A person typed this address on this machine.
  ///
  /// Otherwise it must not lead to a private address, and no local file is read: a page that was
  /// searched for feeds, or a line that another device wrote, may say anything.
  public var isTyped: Bool
  /// What is different for this feed.
  public var options: FetchOptions
  /// What time it is, for a response that does not say it itself; nil leaves what such a response
  /// says of a date unread.
  public var now: Timestamp?

  /// Asks for a document.
  public init(
    url: String,
    validators: Validators? = nil,
    isTyped: Bool = true,
    options: FetchOptions = FetchOptions(),
    now: Timestamp? = nil
  ) {
    self.url = url
    self.validators = validators
    self.isTyped = isTyped
    self.options = options
    self.now = now
  }
}

/// What a response says apart from its body.
public struct ResponseFacts: Hashable, Sendable {
  /// The status code of the final response; 200 or 304 for a local file.
  public var status: Int
  /// The URL that answered, after redirects; never with userinfo.
  public var url: String
  /// The targets of the redirects that were followed, in order.
  public var redirects: [Redirect] = []
  /// `Cache-Control: max-age` less `Age`, or else `Expires` less `Date`, in seconds; never
  /// negative.
  public var freshForSeconds: Int64?
  /// `Retry-After` in seconds from this response, whatever its status, for a date less the
  /// response's own `Date`.
  ///
  /// As long as the server says, up to a hundred years.
  public var retryAfterSeconds: Int64?
  /// `x-ratelimit-remaining` and `x-ratelimit-reset`, where a server sends both.
  public var rateLimit: RateLimit?
  /// WebSub hubs of the `Link` fields, absolute (W3C WebSub §4).
  public var hubs: [String] = []
  /// The `Link` field with `rel=self`, absolute: what a hub calls this feed.
  public var selfURL: String?
  /// 226 with `IM: feed`: the body holds only what is new (RFC 3229).
  public var isDelta = false
  /// A private address answered, to which private hosts alone have led.
  public var isPrivate = false
  /// Bytes of the body as they came over the wire.
  public var wireBytes = 0
  /// How long the answer took with all its redirects, without waiting for its turn.
  public var elapsedMilliseconds = 0

  /// Describes a response.
  public init(status: Int, url: String) {
    self.status = status
    self.url = url
  }
}

/// How many requests a server still takes, by its own word.
///
/// There is no standard: the names and meanings are Reddit's, where both are seconds or counts,
/// with fractions.
public struct RateLimit: Hashable, Sendable {
  /// How many more requests are taken before `resetSeconds` have passed.
  public var remaining: Double
  /// After how many seconds from this response the count begins anew.
  public var resetSeconds: Int64

  /// Describes a limit.
  public init(remaining: Double, resetSeconds: Int64) {
    self.remaining = remaining
    self.resetSeconds = resetSeconds
  }
}

/// One redirect that was followed.
public struct Redirect: Hashable, Sendable {
  /// 301, 302, 303, 307 or 308.
  public var status: Int
  /// Where it led, absolute.
  public var target: String

  /// Describes a redirect.
  public init(status: Int, target: String) {
    self.status = status
    self.target = target
  }
}

/// What became of one request.
///
/// The unusual is a value: only what gave no document is a failure.
public enum FetchOutcome: Hashable, Sendable {
  /// A document: its decoded bytes, its `Content-Type` field, and what to ask with next time.
  case fetched(body: [UInt8], contentType: String?, validators: Validators, ResponseFacts)
  /// 304 to a conditional request, with the validators that the response repeated or renewed.
  case notModified(Validators, ResponseFacts)
  /// 410: the publisher says that the feed is gone for good.
  case gone(ResponseFacts)
  /// 429 or 503: ask again later. `message` is the start of the body as text, or who wants to see a
  /// browser, or nil.
  case retryLater(ResponseFacts, message: String?)
  /// No document. There are facts when a server answered.
  case failed(FetchFailure, ResponseFacts?)
}

/// Why there is no document.
public enum FetchFailure: Error, Hashable, Sendable {
  /// The URL cannot be read.
  case badURL(String)
  /// A scheme that is never fetched.
  case scheme(String)
  /// The name has no address.
  case nameNotFound(host: String)
  /// No connection could be made. `detail` is libcurl's sentence.
  case connection(host: String, detail: String)
  /// The certificate or the handshake was refused. `detail` is libcurl's sentence.
  case tls(host: String, detail: String)
  /// The deadline passed, or too few bytes came for too long.
  case timeout(seconds: Int)
  /// The connection broke in the middle of the answer.
  case cutOff(detail: String)
  /// The body is larger than the limit in bytes, on the wire or decoded.
  case tooLarge(limitBytes: Int)
  /// More redirects than the limit, or a circle.
  case redirects(limit: Int)
  /// A redirect that leads nowhere, or to a scheme that is never fetched.
  case badRedirect(target: String)
  /// A redirect to a host that asked to be left alone; the facts are of the redirect.
  case pausedHost(host: String)
  /// An address that this request may not reach.
  case refusedAddress(String)
  /// A local file that nobody typed on this machine.
  case refusedFile(path: String)
  /// A status that brings no document. `message` is the start of the body as text, or nil.
  case status(Int, message: String?)
  /// A page that wants to see a browser. `by` is who sends it, such as Cloudflare.
  case challenge(status: Int, by: String)
  /// The body is compressed in a way that cannot be undone, or is cut.
  case badEncoding(detail: String)
  /// A success without a body.
  case empty
  /// A local file that cannot be read; `errno` says why.
  case file(path: String, errno: Int32)
  /// Anything else that libcurl reports.
  case transfer(code: Int, detail: String)
  /// The run was stopped before the answer came.
  case cancelled
}

extension FetchFailure: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .badURL(let url): "\(url) is not a URL."
    case .scheme(let scheme): "Only http, https and local files are fetched, not \(scheme)."
    case .nameNotFound(let host): "The name \(host) has no address."
    case .connection(let host, let detail): "No connection to \(host): \(detail)."
    case .tls(let host, let detail): "No secure connection to \(host): \(detail)."
    case .timeout(let seconds): "No complete answer within \(seconds) s."
    case .cutOff(let detail): "The answer broke off: \(detail)."
    case .tooLarge(let limit): "The body is larger than the limit of \(limit) bytes."
    case .redirects(let limit): "More than \(limit) redirects, or a circle of them."
    case .badRedirect(let target):
      target.isEmpty ? "A redirect that names no target." : "A redirect that leads to \(target)."
    case .pausedHost(let host): "A redirect leads to \(host), which asked to be left alone."
    case .refusedAddress(let address): "The address \(address) is private and may not be reached."
    case .refusedFile(let path): "The local file \(path) was not typed on this machine."
    case .status(let status, let message):
      "The server answered \(status)" + (message.map { " and said: \"\($0)\"." } ?? ".")
    case .challenge(let status, let by): "\(Self.challenge(by: by)) (\(status))."
    case .badEncoding(let detail): "The body cannot be decompressed: \(detail)."
    case .empty: "The document is empty."
    case .file(let path, let errno): "\(path) cannot be read: \(Self.words(errno))."
    case .transfer(let code, let detail): "The transfer failed: \(detail) (libcurl code \(code))."
    case .cancelled: "Stopped before the answer came."
    }
  }

  /// Who asks for a browser, in words without an end.
  public static func challenge(by name: String) -> String {
    "\(name) asks for a browser instead of giving the feed"
  }

  /// The errors of files that a person meets; the numbers are the same on every system.
  private static func words(_ errno: Int32) -> String {
    switch errno {
    case 1, 13: "no permission"
    case 2: "there is no such file"
    case 5: "the disk does not give it"
    case 20, 21: "it is no file but a directory, or has none above it"
    default: "error \(errno)"
    }
  }
}

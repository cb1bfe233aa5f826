import FeedModel

/// The way of one request through its redirects (RFC 9110 §15.4).
///
/// Pure: it is told what came back and says what to ask for next, or what became of it all.
/// What belongs to an origin or a URL (credentials, validators) is added to a hop only there.
struct RedirectWalk {
  /// What to ask for now.
  private(set) var hop: HopRequest
  private let configuration: LoopConfiguration
  private let validators: Validators?
  private let options: FetchOptions
  private let download: Download?
  private let start: WebURL
  // Empty until there is a redirect, which there nearly never is.
  private var visited: Set<String> = []
  private var redirects: [Redirect] = []
  private var elapsedMilliseconds = 0
  private let asked: Timestamp?
  /// What the last redirect said.
  private var redirecting: ResponseFacts?

  /// Takes a request apart.
  ///
  /// - Returns: The walk before its first hop, or why there can be none.
  static func start(
    _ request: FetchRequest,
    _ configuration: LoopConfiguration,
    download: Download? = nil
  ) -> Result<RedirectWalk, FetchFailure> {
    guard let url = WebURL(request.url) else {
      return .failure(.badURL(withoutSecrets(request.url)))
    }
    guard url.scheme == "http" || url.scheme == "https" else {
      return .failure(.scheme(url.scheme))
    }
    guard url.isWeb, let place = HostPort(url),
      let walk = Self(url, place, request, configuration, download)
    else { return .failure(.badURL(withoutSecrets(request.url))) }
    if let refused = configuration.addresses.refusedLiteral(place, standing: walk.hop.standing) {
      return .failure(.refusedAddress(refused.text))
    }
    return .success(walk)
  }

  private init?(
    _ url: WebURL,
    _ place: HostPort,
    _ request: FetchRequest,
    _ configuration: LoopConfiguration,
    _ download: Download?
  ) {
    self.configuration = configuration
    self.download = download
    validators = request.validators
    asked = request.now
    var options = request.options
    if let userinfo = url.userinfo, !userinfo.isEmpty, options.credentials == nil {
      guard let value = Credentials(userinfo: userinfo) else { return nil }
      options.credentials = value
    }
    self.options = options.usable
    start = url.withoutUserinfo.withoutFragment
    hop = HopRequest(
      url: start,
      place: place,
      standing: request.isTyped ? .typed : .led,
      totalMilliseconds: configuration.settings.totalMilliseconds
    )
    scope(isAtOrigin: true)
  }

  /// Takes in what a hop brought.
  ///
  /// - Returns: The outcome; nil when `hop` is now the next thing to ask for.
  mutating func advance(_ result: HopResult) -> FetchOutcome? {
    elapsedMilliseconds += result.elapsedMilliseconds
    // A server may close a connection just when it is used again. That is no answer, and asking
    // once more on a new connection is no second request.
    if result.end == .cutOff, result.status == 0, result.isOnUsedConnection,
      !hop.needsNewConnection
    {
      hop.needsNewConnection = true
      return nil
    }
    if result.end == .leftAlone {
      return .failed(.pausedHost(host: hop.place.host), redirecting)
    }
    let now = asked?.adding(milliseconds: Int64(elapsedMilliseconds))
    guard Self.isRedirect(result.status) else {
      return judge(
        result,
        of: hop,
        redirects: redirects,
        settings: configuration.settings,
        elapsedMilliseconds: elapsedMilliseconds,
        now: now
      )
    }
    var facts = ResponseFacts(result, of: hop, redirects: redirects, now: now)
    facts.elapsedMilliseconds = elapsedMilliseconds
    switch follow(result) {
    case .success(let next):
      redirects.append(Redirect(status: result.status, target: next.urlText))
      redirecting = facts
      hop = next
      hop.followsRedirect = true
      scope(isAtOrigin: next.url.origin == start.origin)
      return nil
    case .failure(let failure):
      facts.status = result.status
      return .failed(failure, facts)
    }
  }

  private static func isRedirect(_ status: Int) -> Bool {
    switch status {
    case 301, 302, 303, 307, 308: true
    default: false
    }
  }

  private mutating func follow(_ result: HopResult) -> Result<HopRequest, FetchFailure> {
    let location = result.fields.last(.location) ?? ""
    guard location.utf8.contains(where: { $0 > 0x20 }) else {
      return .failure(.badRedirect(target: ""))
    }
    guard let target = hop.url.resolving(Self.escaped(location)), target.isWeb,
      let place = HostPort(target)
    else { return .failure(.badRedirect(target: String(withoutSecrets(location).prefix(500)))) }
    let bare = target.withoutUserinfo.withoutFragment
    if visited.isEmpty { visited = [hop.urlText] }
    let settings = configuration.settings
    guard redirects.count < settings.redirectsMax, visited.insert(bare.text).inserted else {
      return .failure(.redirects(limit: settings.redirectsMax))
    }
    let addresses = configuration.addresses
    // Behind a proxy nobody knows what answered, so there is no address.
    let standing = addresses.standing(after: hop.place, at: result.address, was: hop.standing)
    if let refused = addresses.refusedLiteral(place, standing: standing) {
      return .failure(.refusedAddress(refused.text))
    }
    let left = settings.totalMilliseconds - elapsedMilliseconds
    guard left > 0 else {
      return .failure(.timeout(seconds: max(1, (elapsedMilliseconds + 500) / 1000)))
    }
    return .success(
      HopRequest(
        url: bare,
        place: place,
        standing: standing,
        totalMilliseconds: left
      )
    )
  }

  /// Adds what belongs to the URL of the hop, and nothing else.
  private mutating func scope(isAtOrigin: Bool) {
    if isAtOrigin {
      hop.options = options
    } else {
      // The way stays: who asks through a proxy does not want to be seen without it.
      hop.options.proxy = options.proxy
    }
    // A file is often kept by another host than the one that names it.
    hop.download = download
    hop.usesProxy = (options.proxy ?? configuration.settings.proxy)?.isEmpty == false
    if let validators, !validators.isEmpty, isOfHop(validators.url) {
      hop.validators = validators
    }
  }

  /// The text is the URL of the hop, as it is or with userinfo and fragment.
  private func isOfHop(_ text: String) -> Bool {
    // Nearly always the same text: reading it again would cost more than the rest of the hop.
    text == hop.urlText || WebURL(text)?.withoutUserinfo.withoutFragment == hop.url
  }

  /// Writes bytes beyond ASCII as escapes, whatever encoding they were in.
  private static func escaped(_ location: String) -> String {
    guard !location.utf8.allSatisfy({ $0 < 0x80 }) else { return location }
    var text = ""
    for scalar in location.unicodeScalars {
      if scalar.value < 0x80 {
        text.unicodeScalars.append(scalar)
      } else {
        text += "%" + String(scalar.value, radix: 16, uppercase: true)
      }
    }
    return text
  }
}

extension FetchOptions {
  /// These without what cannot be sent: control characters would add lines to a request, and a NUL
  /// would cut a text short.
  fileprivate var usable: FetchOptions {
    var options = self
    if userAgent?.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) ?? true {
      options.userAgent = nil
    }
    if let credentials, (credentials.user + credentials.password).utf8.contains(0) {
      options.credentials = nil
    }
    return options
  }
}

extension Credentials {
  /// Reads `user:password` with its escapes; nil when it holds a NUL, which would cut it short.
  init?(userinfo: String) {
    let parts = userinfo.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      user: percentDecoded(parts[0]),
      password: parts.count > 1 ? percentDecoded(parts[1]) : ""
    )
    if user.utf8.contains(0) || password.utf8.contains(0) { return nil }
  }
}

/// A text that failed to be a URL, without what may be a user and a password in it.
func withoutSecrets(_ text: String) -> String {
  guard let at = text.lastIndex(of: "@") else { return text }
  let start = text.firstRange(of: "//")?.upperBound ?? text.startIndex
  guard start <= at else { return text }
  return String(text[..<start] + text[text.index(after: at)...])
}

import FeedModel

/// Says what the last hop of a request amounts to.
///
/// Pure. Decompresses the body, so it runs on the task that waits and not on the thread of the
/// loop. A status that brings no document counts even when its body broke off.
///
/// - Parameters:
///   - result: What came back; no redirect.
///   - hop: What was asked for.
///   - redirects: The targets that led to it.
///   - settings: For the limit of the decompressed body.
///   - elapsedMilliseconds: How long it took with all redirects.
///   - now: The time, for a response that does not say it; nil when nobody does.
/// - Returns: The outcome of the request.
func judge(
  _ result: HopResult,
  of hop: HopRequest,
  redirects: [Redirect],
  settings: FetchSettings,
  elapsedMilliseconds: Int,
  now: Timestamp?
) -> FetchOutcome {
  var facts =
    result.status > 0 ? ResponseFacts(result, of: hop, redirects: redirects, now: now) : nil
  facts?.elapsedMilliseconds = elapsedMilliseconds
  if result.end == .cancelled { return .failed(.cancelled, facts) }
  guard let facts, !(200..<300).contains(result.status) || result.end == .complete else {
    let failure = failure(result, of: hop, settings, elapsedMilliseconds)
    return .failed(failure, facts)
  }
  if let name = challenger(result.fields) {
    // That a server wants to be left alone holds, whatever else it wants.
    if result.status == 429 || result.status == 503 {
      return .retryLater(facts, message: FetchFailure.challenge(by: name))
    }
    return .failed(.challenge(status: result.status, by: name), facts)
  }
  switch result.status {
  case 200, 203, 226:
    let fresh = result.fields.validators(from: hop)
    do {
      let body = try decode(
        result.body,
        label: result.fields.joined(.contentEncoding),
        bytesMax: settings.decodedBytesMax
      )
      guard body.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
        return .failed(.empty, facts)
      }
      return .fetched(
        body: body,
        contentType: result.fields.last(.contentType),
        validators: fresh,
        facts
      )
    } catch {
      return .failed(error, facts)
    }
  case 204, 205: return .failed(.empty, facts)
  case 304:
    guard hop.isConditional, let known = hop.validators else {
      let message = "Not Modified, although the request named no version"
      return .failed(.status(304, message: message), facts)
    }
    return .notModified(known.renewed(by: result.fields.validators(from: hop)), facts)
  case 410: return .gone(facts)
  case 429, 503: return .retryLater(facts, message: message(result))
  default: return .failed(.status(result.status, message: message(result)), facts)
  }
}

private func failure(
  _ result: HopResult,
  of hop: HopRequest,
  _ settings: FetchSettings,
  _ elapsedMilliseconds: Int
) -> FetchFailure {
  let host = hop.place.host
  if let refused = result.refused, result.address == nil, result.status == 0 {
    return .refusedAddress(refused.text)
  }
  return switch result.end {
  case .complete, .cancelled: .cancelled
  case .leftAlone: .pausedHost(host: host)
  case .badURL: .badURL(hop.urlText)
  case .nameNotFound: .nameNotFound(host: host)
  case .connection: .connection(host: host, detail: result.detail)
  case .tls: .tls(host: host, detail: result.detail)
  case .timeout: .timeout(seconds: max(1, (elapsedMilliseconds + 500) / 1000))
  case .cutOff: .cutOff(detail: result.detail)
  case .tooLarge: .tooLarge(limitBytes: settings.wireBytesMax)
  case .other(let code): .transfer(code: code, detail: result.detail)
  }
}

/// What a person may read about a response without a document.
private func message(_ result: HopResult) -> String? {
  // An error page need not be whole to be read, and a broken one is no second error.
  let body = try? decode(
    result.body,
    label: result.fields.joined(.contentEncoding),
    bytesMax: 1 << 20
  )
  return readableText(body ?? [])
}

extension ResponseFacts {
  /// A feed has one hub, seldom two; a list without end would be kept for ever.
  private static let hubsMax = 8

  /// What a hop's response says apart from its body.
  init(_ result: HopResult, of hop: HopRequest, redirects: [Redirect], now: Timestamp?) {
    self.init(status: result.status, url: hop.urlText)
    self.redirects = redirects
    let cache = CacheFields(result.fields, now: now)
    freshForSeconds = cache.freshForSeconds
    retryAfterSeconds = cache.retryAfterSeconds
    rateLimit = RateLimit(result.fields, now: now)
    isPrivate = hop.standing == .typed && result.address?.isPrivate == true
    isDelta = result.status == 226 && result.fields.isFeedDelta
    wireBytes = result.wireBytes
    for link in result.fields.all(.link).flatMap(LinkField.links) {
      guard link.relations.contains("hub") || link.relations.contains("self"),
        let target = hop.url.resolving(link.target)?.withoutUserinfo, target.isWeb
      else { continue }
      if link.relations.contains("self"), selfURL == nil { selfURL = target.text }
      if link.relations.contains("hub"), hubs.count < Self.hubsMax, !hubs.contains(target.text) {
        hubs.append(target.text)
      }
    }
  }
}

extension ResponseFields {
  /// The body holds only what is new of a feed (RFC 3229 §10.5.2).
  fileprivate var isFeedDelta: Bool {
    joined(.instanceManipulation)?.lowercased().split { $0 == "," || $0 == " " || $0 == ";" }
      .contains("feed") == true
  }

  /// A longer value would make the next request one that servers refuse.
  private static let validatorBytesMax = 4096

  /// The validators of a response; empty values and values that cannot be sent back are none.
  func validators(from hop: HopRequest) -> Validators {
    func usable(_ value: String?) -> String? {
      guard let value, value.utf8.count <= Self.validatorBytesMax, HTTPText.isSendable(value)
      else { return nil }
      return value
    }
    return Validators(
      etag: usable(last(.etag)),
      lastModified: usable(last(.lastModified)),
      url: hop.urlText
    )
  }
}

import FeedFetch
import FeedModel
import FeedParse
import FeedSync
import FeedText

/// What stands behind an address that somebody typed.
enum Found {
  /// A feed: where it is, the document that came, and what else the page offers.
  case found(url: String, FetchOutcome, others: [FeedLink])
  /// A page that names no feed.
  case noFeed
  /// Nothing that can be followed.
  case failed(SyncFailure)
}

/// Asks for what was typed, once.
///
/// When it is a page, asks for the feeds that it names, in their order, until one can be read.
func find(_ url: String, _ source: some DocumentSource) async -> Found {
  let outcome = await source.fetch(FetchRequest(url: url))
  guard case .fetched(let body, let contentType, _, let facts) = outcome else {
    return .failed(failure(of: outcome))
  }
  do {
    _ = try parse(body, baseURL: facts.url, contentType: contentType)
    return .found(url: url, outcome, others: [])
  } catch ParseError.htmlPage {
    let links = feedLinks(inPage: body, baseURL: facts.url)
    return await firstFeed(of: links, source)
  } catch {
    return .failed(.parse(error))
  }
}

/// How many of a page's links are tried.
private let linksMax = 4

private func firstFeed(of links: [FeedLink], _ source: some DocumentSource) async -> Found {
  var last = Found.noFeed
  for link in links.prefix(linksMax) {
    guard let url = feedAddress(link.url) else { continue }
    let outcome = await source.fetch(FetchRequest(url: url))
    guard case .fetched(let body, let contentType, _, let facts) = outcome else {
      last = .failed(failure(of: outcome))
      continue
    }
    do {
      _ = try parse(body, baseURL: facts.url, contentType: contentType)
      return .found(url: url, outcome, others: links.filter { $0.url != link.url })
    } catch {
      last = .failed(.parse(error))
    }
  }
  return last
}

private func failure(of outcome: FetchOutcome) -> SyncFailure {
  switch outcome {
  case .failed(let failure, _): .fetch(failure)
  case .gone: .gone
  case .retryLater(let facts, let message): .fetch(.status(facts.status, message: message))
  case .fetched, .notModified: .fetch(.empty)
  }
}

extension SyncFailure {
  /// Something came, and it is no feed.
  var isNoFeed: Bool {
    switch self {
    case .parse, .fetch(.empty): true
    default: false
    }
  }
}

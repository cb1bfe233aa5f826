import FeedFetch
import FeedModel
import FeedParse
import FeedSync
import FeedText

/// What stands behind an address that somebody typed.
enum Found {
  /// A feed: where it is, the document that came, and what else the page offers.
  case found(url: String, FetchOutcome, others: [FeedLink])
  /// A page whose feed is followed already, and was not asked.
  case followed(url: String)
  /// A page that names no feed.
  case noFeed
  /// Nothing that can be followed; the address that was asked last.
  case failed(SyncFailure, url: String)
}

/// Asks for what was typed, once.
///
/// When it is a page, asks for the feeds that it names, in their order, until one can be read.
///
/// - Parameters:
///   - url: What was typed.
///   - source: Brings the documents.
///   - followed: Addresses that are followed already; they are not asked.
/// - Returns: What stands there.
func find(
  _ url: String,
  _ source: some DocumentSource,
  followed: Set<String>
) async -> Found {
  let outcome = await source.fetch(FetchRequest(url: url))
  guard case .fetched(let body, let contentType, _, let facts) = outcome else {
    return .failed(failure(of: outcome), url: url)
  }
  do {
    _ = try parse(body, baseURL: facts.url, contentType: contentType)
    return .found(url: url, outcome, others: [])
  } catch ParseError.htmlPage {
    let links = feedLinks(inPage: body, baseURL: facts.url)
    return await firstFeed(of: links, on: facts.url, source, followed: followed)
  } catch {
    return .failed(.parse(error), url: url)
  }
}

/// How many of a page's links are tried.
private let linksMax = 4
/// How many of them are named beside the one that was found.
private let othersMax = 10

private func firstFeed(
  of links: [FeedLink],
  on page: String,
  _ source: some DocumentSource,
  followed: Set<String>
) async -> Found {
  var last = Found.noFeed
  let origin = WebURL(page)?.origin
  for link in links.prefix(linksMax) {
    guard let url = feedAddress(link.url) else { continue }
    if followed.contains(url) { return .followed(url: url) }
    // What a page names is as good as typed on its own host. Elsewhere it may not lead to a
    // private address: a public page could name anything in the reader's own network.
    let isTyped = WebURL(url)?.origin == origin
    let outcome = await source.fetch(FetchRequest(url: url, isTyped: isTyped))
    guard case .fetched(let body, let contentType, _, let facts) = outcome else {
      last = .failed(failure(of: outcome), url: url)
      continue
    }
    do {
      _ = try parse(body, baseURL: facts.url, contentType: contentType)
      // What only looks like a feed is tried, and not offered beside one that the page declares.
      let others = links.filter { $0.url != link.url && $0.isDeclared }
      return .found(url: url, outcome, others: Array(others.prefix(othersMax)))
    } catch {
      last = .failed(.parse(error), url: url)
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

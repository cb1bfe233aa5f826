import FeedModel
import Synchronization

@testable import FeedSync

/// A network that exists in memory: what each URL answers, and what it was asked.
final class FakeNetwork: DocumentSource {
  private let answers = Mutex<[String: @Sendable (FetchRequest) -> FetchOutcome]>([:])
  private let log = Mutex<[FetchRequest]>([])
  private let running = Mutex((now: 0, most: 0))

  /// Requests in the order in which they came.
  var requests: [FetchRequest] { log.withLock { $0 } }
  /// How many were under way at once, at most.
  var mostAtOnce: Int { running.withLock { $0.most } }

  func serve(_ url: String, _ answer: @escaping @Sendable (FetchRequest) -> FetchOutcome) {
    answers.withLock { $0[url] = answer }
  }

  /// Serves a document that knows its ETag.
  func serve(_ url: String, rss items: String, etag: String = "\"1\"") {
    serve(url) { request in
      let validators = Validators(etag: etag, lastModified: nil, url: url)
      if request.validators == validators {
        return .notModified(validators, ResponseFacts(status: 304, url: url))
      }
      let body = "<rss version='2.0'><channel><title>\(url)</title>\(items)</channel></rss>"
      return .fetched(
        body: Array(body.utf8),
        contentType: nil,
        validators: validators,
        ResponseFacts(status: 200, url: url)
      )
    }
  }

  func fetch(_ request: FetchRequest) async -> FetchOutcome {
    log.withLock { $0.append(request) }
    running.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
    await Task.yield()
    defer { running.withLock { $0.now -= 1 } }
    let answer = answers.withLock { $0[request.url] }
    return answer?(request) ?? .failed(.nameNotFound(host: hostName(of: request.url)), nil)
  }
}

import FeedModel
import LoopbackServer

@testable import FeedFetch

/// A small feed.
let sampleFeed = "<rss version=\"2.0\"><channel><title>Sample</title></channel></rss>"

/// Settings for tests: nothing waits for long, and no name is looked up.
///
/// - Parameter resolve: Names that stand for 127.0.0.1, as `host:port`; they count as public.
/// - Returns: Settings to change further.
func testSettings(resolve: [String] = []) -> FetchSettings {
  var settings = FetchSettings(userAgent: "Rill/0.0 (+https://rill.test/)")
  // Only a test of time limits may meet one, however busy the machine is.
  settings.totalMilliseconds = 600_000
  settings.connectMilliseconds = 600_000
  settings.lowSpeedSeconds = 600
  settings.idleSeconds = 600
  settings.resolve = resolve.map { $0 + ":127.0.0.1" }
  return settings
}

/// Fetches one URL with a fetcher of its own.
func fetch(
  _ url: String,
  _ validators: Validators? = nil,
  isTyped: Bool = true,
  settings: FetchSettings = testSettings()
) async throws -> FetchOutcome {
  let fetcher = try Fetcher(settings: settings)
  let outcome = await fetcher.fetch(
    FetchRequest(url: url, validators: validators, isTyped: isTyped)
  )
  fetcher.stop()
  return outcome
}

/// Fetches what a server answers with one response.
func fetch(
  answering answer: Answer,
  settings: FetchSettings = testSettings()
) async throws -> FetchOutcome {
  let server = try LoopbackServer { _ in answer }
  return try await fetch(server.url("/feed"), settings: settings)
}

extension FetchOutcome {
  /// The body of a document; nil for anything else.
  var body: String? {
    if case .fetched(let body, _, _, _) = self {
      String(decoding: body, as: UTF8.self)
    } else {
      nil
    }
  }

  /// What to ask with next time; nil when nothing new was learned.
  var validators: Validators? {
    switch self {
    case .fetched(_, _, let validators, _), .notModified(let validators, _): validators
    default: nil
    }
  }

  /// What the response said apart from its body; nil when there was none.
  var facts: ResponseFacts? {
    switch self {
    case .fetched(_, _, _, let facts), .notModified(_, let facts), .gone(let facts),
      .retryLater(let facts, _):
      facts
    case .failed(_, let facts): facts
    }
  }

  /// Why there is no document; nil when there is one.
  var failure: FetchFailure? {
    if case .failed(let failure, _) = self { failure } else { nil }
  }
}

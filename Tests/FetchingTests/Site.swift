import LoopbackServer
import Synchronization

/// A web site of one test, under a name of its own, whose answers the test changes as it goes.
final class Site: Sendable {
  /// What the site does with a request.
  typealias Answering = @Sendable (ServedRequest) -> Answer

  let server: LoopbackServer
  /// The name that it is first known by.
  let host: String
  private let script: Script

  private final class Script: Sendable {
    let answering: Mutex<Answering>
    init(_ answering: @escaping Answering) { self.answering = Mutex(answering) }
  }

  /// Begins to serve.
  init(_ host: String, _ answering: @escaping Answering) throws {
    let script = Script(answering)
    self.script = script
    self.host = host
    server = try LoopbackServer { request in script.answering.withLock { $0 }(request) }
  }

  /// Answers otherwise from now on.
  func answers(_ answering: @escaping Answering) { script.answering.withLock { $0 = answering } }

  /// Answers every request like this from now on.
  func answers(_ answer: Answer) { answers { _ in answer } }

  /// The URL of a path that begins with a slash, under the first name or another one.
  func url(_ path: String = "/feed", host other: String? = nil) -> String {
    "http://\(other ?? host):\(server.port)\(path)"
  }

  /// All requests so far.
  var requests: [ServedRequest] { server.requests }

  /// The last request for a path; nil when there was none.
  func last(_ path: String = "/feed") -> ServedRequest? { requests.last { $0.path == path } }

  /// How many requests there were for a path.
  func count(_ path: String = "/feed") -> Int { requests.filter { $0.path == path }.count }

  /// The validators of the last request for a path, as `INM | IMS`; `-` where there is none.
  func asked(_ path: String = "/feed") -> String {
    guard let last = last(path) else { return "no request" }
    return (last.field("If-None-Match") ?? "-") + " | " + (last.field("If-Modified-Since") ?? "-")
  }
}

/// Counts what threads of a server do.
final class Counter: Sendable {
  private let value = Mutex(0)

  /// One more; the first is 1.
  func next() -> Int {
    value.withLock { value in
      value += 1
      return value
    }
  }

  /// How many there were.
  var count: Int { value.withLock { $0 } }
}

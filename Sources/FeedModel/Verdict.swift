/// How a feed is, in one word, with what shows it.
public struct Verdict: Hashable, Sendable {
  /// The word.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// It was never asked.
    case new
    /// It answers and brings news about as often as it promised.
    case ok
    /// It answers, and has brought nothing new for a long time.
    case quiet
    /// It says 304 although news is long overdue: its server may have it wrong.
    case stale
    /// It redirects for good to another address, which is not believed yet.
    case moved
    /// The site refuses Rill: 401, 403, a challenge, a login page.
    case blocked
    /// The server wants fewer requests.
    case rateLimited = "rate-limited"
    /// The publisher says that it is gone, or it was not found for very long.
    case gone
    /// What comes is no feed.
    case broken
    /// Nobody answers.
    case unreachable
    /// The certificate is refused.
    case certificate
  }

  /// The word.
  public var kind: Kind
  /// What shows it, in one sentence; nil when all is well.
  public var evidence: String?
  /// When it is asked next; nil when it is not asked by itself any more, or is due.
  public var nextTry: Timestamp?

  /// Puts a verdict together.
  public init(_ kind: Kind, evidence: String? = nil, nextTry: Timestamp? = nil) {
    self.kind = kind
    self.evidence = evidence
    self.nextTry = nextTry
  }

  /// A person should look at it.
  public var needsAttention: Bool {
    switch kind {
    case .new, .ok, .quiet, .moved: false
    case .stale, .blocked, .rateLimited, .gone, .broken, .unreachable, .certificate: true
    }
  }
}

/// What two revisions, or two articles, have in common and what not.
///
/// It says why they were made one article, or why they are two. Order: `Kind`'s own.
public struct MatchEvidence: Hashable, Sendable {
  /// What an article may be recognised by.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The publisher's guid.
    case guid
    /// The canonical link.
    case link
    /// The title, as titles are compared.
    case title
    /// The letters and digits of the text.
    case text
    /// When it was published.
    case date
  }

  /// How the two compare.
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// Both have it, and it is the same.
    case same
    /// Both have it, and it differs by http or https alone.
    case scheme
    /// Both have it, and it is nearly the same: an address of the same page that is spelt
    /// otherwise, or a text of which much is in both.
    case alike
    /// Both have it, and it is the same path at another host.
    case host
    /// Both have it, and it is another one.
    case different
    /// Only the earlier one has it.
    case left
    /// Only the later one has it.
    case came
    /// Neither has it.
    case absent
    /// Nobody can say: a text was purged.
    case unknown
  }

  /// One thing that was compared.
  public struct Fact: Hashable, Sendable {
    /// What was compared.
    public var kind: Kind
    /// How it compares.
    public var comparison: Comparison
    /// What the earlier one has; nil for texts, which are long.
    public var earlier: String?
    /// What the later one has; nil for texts.
    public var later: String?
    /// How much of two texts is in both, in percent of what is in either, or for an excerpt of
    /// what is in the shorter one; nil where they are not alike.
    public var percent: Int?

    /// Describes a comparison.
    public init(
      _ kind: Kind,
      _ comparison: Comparison,
      earlier: String? = nil,
      later: String? = nil,
      percent: Int? = nil
    ) {
      self.kind = kind
      self.comparison = comparison
      self.earlier = earlier
      self.later = later
      self.percent = percent
    }
  }

  /// Each kind once.
  public var facts: [Fact]

  /// Puts evidence together.
  public init(_ facts: [Fact]) { self.facts = facts }

  /// What was compared of one kind.
  public func fact(_ kind: Kind) -> Fact? { facts.first { $0.kind == kind } }

  /// Whether that is the same in both.
  public func isSame(_ kind: Kind) -> Bool { fact(kind)?.comparison == .same }
}

/// What a key of an article was made of.
public struct KeySource: Hashable, Sendable {
  /// `guid`, `link`, or `text` for title, date and text together.
  public var kind: MatchEvidence.Kind
  /// The guid or the canonical link; nil for a text.
  public var value: String?

  /// Describes what a key was made of.
  public init(_ kind: MatchEvidence.Kind, _ value: String? = nil) {
    self.kind = kind
    self.value = value
  }
}

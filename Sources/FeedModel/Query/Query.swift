/// What articles have to be like: a question of a person, or of a rule.
///
/// One language for lists, searches and marks; Documentation/Query.md tells it. A query is a
/// value: times count back from when it is asked, and names of feeds are looked up then
/// (`resolved(now:feeds:)`).
public indirect enum Query: Hashable, Sendable {
  /// What an article may be: `is:unread`.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// Not marked read.
    case unread
    /// Marked read.
    case read
    /// Starred.
    case starred
    /// Edited since it came.
    case changed
    /// Hidden by a rule: no other query finds it.
    case hidden
  }

  /// These words stand in the title, the text, the authors' names or the publisher's tags.
  case text(QueryWords)
  /// These words stand in the title.
  case title(QueryWords)
  /// These words stand in the authors' names.
  case author(QueryWords)
  /// This stands in the article's address, in any case.
  case url(String)
  /// It is of a feed that is called so: the beginning of an id, a URL, or a part of a title.
  case feed(String)
  /// It is of one of these feeds.
  case feeds([FeedID])
  /// It has this tag, or its feed has.
  case tag(String)
  /// It is that way.
  case `is`(State)
  /// It is this new or newer.
  case since(QueryTime)
  /// It is older than this.
  case before(QueryTime)
  /// It came this late or later, whenever it was published.
  case received(QueryTime)
  /// It is not like that.
  case not(Query)
  /// It is like all of these, two at least; none at all is every article.
  case and([Query])
  /// It is like one of these, two at least.
  case or([Query])

  /// Every article.
  public static let all = Query.and([])

  /// Both have to hold.
  public static func && (left: Query, right: Query) -> Query {
    let parts = left.conjuncts + right.conjuncts
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  /// What has to hold all together.
  public var conjuncts: [Query] {
    if case .and(let parts) = self { parts } else { [self] }
  }

  /// Every question that stands alone, whether it is asked for or against.
  public var leaves: [Query] {
    switch self {
    case .not(let query): query.leaves
    case .and(let parts), .or(let parts): parts.flatMap(\.leaves)
    default: [self]
    }
  }

  /// Words are looked for in texts, so the full text is needed.
  public var asksText: Bool {
    leaves.contains { if case .text = $0 { true } else { false } }
  }

  /// It says something of what is read, starred, changed or hidden.
  public var asksState: Bool {
    leaves.contains { if case .is = $0 { true } else { false } }
  }

  /// It says something of what is hidden.
  public var asksHidden: Bool { leaves.contains(.is(.hidden)) }

  /// Words that may stand in what is found, in the order of the query.
  public var wantedWords: [QueryWords] {
    switch self {
    case .text(let words), .title(let words): [words]
    case .and(let parts), .or(let parts): parts.flatMap(\.wantedWords)
    default: []
    }
  }

  /// The same question with other leaves.
  public func mapLeaves<Failure>(
    _ change: (Query) throws(Failure) -> Query
  ) throws(Failure) -> Query {
    func changed(_ parts: [Query]) throws(Failure) -> [Query] {
      var changed: [Query] = []
      for part in parts { changed.append(try part.mapLeaves(change)) }
      return changed
    }
    return switch self {
    case .not(let query): .not(try query.mapLeaves(change))
    case .and(let parts): .and(try changed(parts))
    case .or(let parts): .or(try changed(parts))
    default: try change(self)
    }
  }

  /// The question as it is asked now.
  ///
  /// - Parameters:
  ///   - now: The time of asking.
  ///   - feeds: The feeds that a name means.
  /// - Returns: A query without names of feeds and without lengths of time.
  /// - Throws: What `feeds` throws.
  public func resolved<Failure>(
    now: Timestamp,
    feeds: (String) throws(Failure) -> [FeedID]
  ) throws(Failure) -> Query {
    try mapLeaves { leaf throws(Failure) in
      switch leaf {
      case .feed(let name): .feeds(try feeds(name))
      case .since(let time): .since(.at(time.moment(now: now)))
      case .before(let time): .before(.at(time.moment(now: now)))
      case .received(let time): .received(.at(time.moment(now: now)))
      default: leaf
      }
    }
  }
}

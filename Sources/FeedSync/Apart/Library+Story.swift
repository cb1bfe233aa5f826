public import FeedIndex
public import FeedModel

extension Library {
  /// Makes articles of two feeds one story, in one durable step that can be undone.
  ///
  /// - Parameters:
  ///   - first: One of them.
  ///   - second: The other; it takes over the story of the first, where that has one.
  ///   - isDryRun: Only says what would be.
  ///   - act: What it is a part of.
  ///   - now: The time of the act.
  /// - Returns: Both articles; nil when they are one story already.
  /// - Throws: What the store or the index answers; then nothing is changed.
  public func joinStories(
    _ first: ArticleRow,
    _ second: ArticleRow,
    isDryRun: Bool = false,
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) -> ApartOutcome? {
    let rows = try withCopies([first, second])
    if rows[0].copies.contains(where: { $0.id == second.id }) { return nil }
    let names = try indexing { () throws(IndexError) in try index.storiesTold() }
    // The name of a page takes in what shows that page later; any other is only for these two.
    let page = first.url.flatMap(canonicalPage)
    let name = names[first.id] ?? (rows[0].copies.isEmpty ? nil : page) ?? first.id.description
    var writes = [TieWrite(register: .story, key: second.id, value: name)]
    if names[first.id] == nil, name == first.id.description {
      writes.append(TieWrite(register: .story, key: first.id, value: name))
    }
    return try carryOut(writes, [first, second], isDryRun, act, now)
  }

  /// Takes an article out of its story, in one durable step that can be undone.
  ///
  /// The parameters are those of `joinStories`.
  public func leaveStory(
    _ article: ArticleRow,
    isDryRun: Bool = false,
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) -> ApartOutcome {
    let own = article.id.description
    let write = TieWrite(register: .story, key: article.id, value: own)
    return try carryOut([write], [article], isDryRun, act, now)
  }

  private func carryOut(
    _ writes: [TieWrite],
    _ rows: [ArticleRow],
    _ isDryRun: Bool,
    _ act: Act,
    _ now: Timestamp
  ) throws(LibraryError) -> ApartOutcome {
    if !isDryRun { try write(writes, carriesOn: .united, in: act, now: now) }
    return ApartOutcome(
      articles: rows.map { ApartArticle(id: $0.id, title: $0.title ?? $0.url) },
      act: isDryRun ? nil : act.id
    )
  }
}

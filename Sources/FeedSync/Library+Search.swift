public import FeedIndex
public import FeedModel
import FeedStore

extension Library {
  /// Asks the index, whose full text is made complete before where words are asked for.
  ///
  /// The full text follows the articles, and is made complete here: a sync never waits for it. What
  /// was added stays when the process ends midway.
  ///
  /// - Parameters:
  ///   - query: What is asked.
  ///   - progress: Told how many articles of how many have been read for their words.
  ///   - ask: Asks it.
  /// - Returns: What was answered.
  /// - Throws: What the index answers.
  func asking<Value>(
    _ query: ArticleQuery,
    _ progress: ReadingProgress = { _, _ in },
    _ ask: (FeedIndex) throws(IndexError) -> Value
  ) throws(LibraryError) -> Value {
    guard query.usesText else {
      return try indexing { () throws(IndexError) in try ask(index) }
    }
    do throws(LibraryError) {
      try catchUpTexts(progress)
    } catch .index(let error) where !error.isDamage && index.isPersistent {
      // A disk that is full or takes no writes: the words are gathered in memory, for this once.
      trouble.note(error)
      let memory = try inMemory()
      defer { trouble.note(unreadTexts: memory.unreadTexts) }
      return try memory.asking(query, progress, ask)
    }
    return try indexing { () throws(IndexError) in
      trouble.note(unreadTexts: try index.unreadTextCount())
      return try ask(index)
    }
  }

  /// Where the words of a query stand in articles that it found, for those to be shown.
  ///
  /// The index keeps no text, so their lines are read.
  ///
  /// - Parameters:
  ///   - rows: What was found.
  ///   - query: What was asked.
  /// - Returns: Nothing for articles where the words stand in the title alone.
  public func snippets(of rows: [ArticleRow], for query: Query) -> [ArticleID: Snippet] {
    let words = query.wantedWords
    guard !words.isEmpty else { return [:] }
    return zip(rows, store.events(at: rows.map(\.place)))
      .reduce(into: [:]) { snippets, found in
        guard case .article(let article)? = found.1?.operation else { return }
        snippets[found.0.id] = article.item.snippet(with: words)
      }
  }

  /// How many articles the last search could find by their titles alone: their lines could not be
  /// read.
  public var unreadTexts: Int { trouble.unreadTexts }

  /// The same store with an index that ends with the process.
  private func inMemory() throws(LibraryError) -> Library {
    let index = try indexing { () throws(IndexError) in
      try FeedIndex.open(path: nil, storeID: store.id)
    }
    let damage = try Self.catchUp(index, with: store)
    return Library(store: store, index: index, places: places, damage: damage)
  }

  /// Reads the texts of all articles whose words are not in the index yet.
  ///
  /// - Parameters:
  ///   - oldTextsMax: How many rows of old texts the index may hold, if they are not the most of it.
  ///   - progress: Told how many articles of how many have been read.
  /// - Throws: What the index answers.
  func catchUpTexts(
    oldTextsMax: Int = 1000,
    _ progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) {
    try readWaitingAgain()
    try indexing { () throws(IndexError) in try index.forgetOldTexts(above: oldTextsMax) }
    let total = try indexing { () throws(IndexError) in try index.textBacklogCount() }
    guard total > 0 else { return }
    var done = 0
    try indexing { () throws(IndexError) in try index.letLogGrow() }
    while true {
      let first = try indexing { () throws(IndexError) in try index.textBacklog() }
      guard !first.entries.isEmpty else { return }
      var isAlone = true
      try readAhead(atMost: 1) { hand in
        readTexts(from: first, hand)
      } take: { (part: Texts) throws(LibraryError) in
        guard isAlone else { return }
        isAlone = try indexing { () throws(IndexError) in
          try index.add(try part.texts.get(), of: part.backlog)
        }
        done += part.backlog.entries.count
        progress(min(done, total), total)
      }
      // The log of a long catching up would be read at each start.
      try indexing { () throws(IndexError) in try index.shrinkLog() }
    }
  }

  /// Looks at segments for which articles wait: where lines can be read now, all of them are.
  ///
  /// Few are tried of each, so that what stays damaged costs each search next to nothing.
  private func readWaitingAgain() throws(LibraryError) {
    let waiting = try indexing { () throws(IndexError) in
      try index.waitingTexts(ofEachSegment: 20)
    }
    let readable = waiting.filter { texts(of: $0.value).contains(where: \.isReadable) }
    try indexing { () throws(IndexError) in try index.stopWaiting(for: readable.keys.sorted()) }
  }

  /// Texts that are added in one transaction.
  private struct Texts: Sendable {
    var backlog: TextBacklog
    var texts: Result<[ArticleText], IndexError>
  }

  /// Reads texts, those of `first` and all new ones behind it, until `hand` says false.
  private func readTexts(from first: TextBacklog, _ hand: (Texts) -> Bool) {
    var backlog = first
    while !backlog.entries.isEmpty {
      let texts = texts(of: backlog.entries)
      guard hand(Texts(backlog: backlog, texts: .success(texts))), backlog.end > backlog.start
      else { return }
      do throws(IndexError) {
        backlog = try index.textBacklog(after: backlog.end)
      } catch {
        _ = hand(Texts(backlog: backlog, texts: .failure(error)))
        return
      }
    }
  }

  private func texts(of entries: [TextBacklog.Entry]) -> [ArticleText] {
    zip(entries, store.events(at: entries.map(\.place)))
      .map { entry, event in
        guard case .article(let article)? = event?.operation, article.contentHash == entry.hash
        else { return ArticleText(unreadable: entry) }
        let item = article.item
        return ArticleText(entry: entry, title: item.title ?? "", body: item.searchedBody)
      }
  }
}

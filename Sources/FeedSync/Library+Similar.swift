public import FeedIndex
import FeedMerge
import FeedModel
import FeedStore
import FeedText

extension Library {
  /// Articles, newest first, each story and each group of similar ones once.
  public func similarStories(_ query: ArticleQuery) throws(LibraryError) -> [ArticleRow] {
    try asking(query) { index throws(IndexError) in try index.similarStories(query) }
  }

  /// The same rows, each with the articles that are similar to it.
  public func withSimilar(_ rows: [ArticleRow]) throws(LibraryError) -> [ArticleRow] {
    try indexing { () throws(IndexError) in try index.withSimilar(rows) }
  }

  /// Compares the texts of all articles that were not compared yet, unless that is too many.
  ///
  /// A sync never does this: it is done when somebody asks what is similar. What was compared stays
  /// when the process ends midway. An index that cannot be written stays as it is.
  ///
  /// - Parameters:
  ///   - most: How many articles may be waiting; where there are more none is compared.
  ///   - progress: Told how many articles of how many have been compared.
  /// - Returns: How many articles are still waiting.
  /// - Throws: What the index answers.
  @discardableResult
  public func catchUpSimilar(
    atMost most: Int = .max,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> Int {
    let total = try indexing { () throws(IndexError) in try index.similarBacklogCount() }
    guard total > 0, total <= most else { return total }
    do throws(LibraryError) {
      try compareTexts(total, progress)
    } catch .index(let error) where !error.isDamage && index.isPersistent {
      trouble.note(error)
    }
    return try indexing { () throws(IndexError) in try index.similarBacklogCount() }
  }

  private func compareTexts(
    _ total: Int,
    _ progress: ReadingProgress
  ) throws(LibraryError) {
    var done = 0
    var comparison = TextComparison(library: self)
    try indexing { () throws(IndexError) in try index.letLogGrow() }
    while true {
      let first = try indexing { () throws(IndexError) in try index.similarBacklog() }
      guard !first.texts.isEmpty else { return }
      var isAlone = true
      try readAhead(atMost: 1) { hand in
        readProfiles(from: first, hand)
      } take: { (part: Profiles) throws(LibraryError) in
        guard isAlone else { return }
        isAlone = try comparison.add(part.texts, of: part.backlog)
        done += part.backlog.texts.count
        progress(min(done, total), total)
      }
      try indexing { () throws(IndexError) in try index.shrinkLog() }
    }
  }

  /// What is compared in one transaction.
  private struct Profiles: Sendable {
    var backlog: SimilarBacklog
    var texts: [ProfiledText]
  }

  /// Reads texts, those of `first` and all new ones behind it, until `hand` says false.
  private func readProfiles(from first: SimilarBacklog, _ hand: (Profiles) -> Bool) {
    var backlog = first
    while !backlog.texts.isEmpty {
      let part = Profiles(backlog: backlog, texts: profiles(of: backlog.texts))
      guard hand(part), backlog.end > backlog.start else { return }
      // What cannot be asked for now is asked for again when this is done.
      guard let next = try? index.similarBacklog(after: backlog.end) else { return }
      backlog = next
    }
  }

  /// The texts that can be read now.
  fileprivate func profiles(of texts: [SimilarText]) -> [ProfiledText] {
    zip(texts, store.events(at: texts.map(\.place)))
      .compactMap { text, event in
        guard case .article(let article)? = event?.operation, article.contentHash == text.hash
        else { return nil }
        let item = article.item
        let body = item.contentHTML.map(searchText(html:)) ?? item.contentText ?? item.summary
        return ProfiledText(
          text: text,
          profile: TextProfile(title: item.title ?? "", text: body ?? "")
        )
      }
  }
}

/// An article and what its text is compared by.
private struct ProfiledText: Sendable {
  var text: SimilarText
  var profile: TextProfile
}

/// Compares one backlog after the other, and keeps the texts that were met last: what is similar came
/// at nearly the same time.
private struct TextComparison {
  let library: Library
  private var recent: [Int64: ProfiledText] = [:]
  private static let recentMax = 4000

  init(library: Library) { self.library = library }

  /// Notes what the texts of a backlog are similar to; false when another process was faster.
  mutating func add(
    _ texts: [ProfiledText],
    of backlog: SimilarBacklog
  ) throws(LibraryError) -> Bool {
    let index = library.index
    let sketches = texts.map { (text: $0.text, hashes: $0.profile.sketch) }
    try indexing { () throws(IndexError) in try index.addSketches(sketches) }
    let likely = try indexing { () throws(IndexError) in try index.likelySimilar(to: sketches) }
    if recent.count > Self.recentMax { recent = [:] }
    for text in texts { recent[text.text.number] = text }
    let further = Set(likely.joined()).subtracting(recent.keys)
    try read(further)
    let isNew = backlog.end > backlog.start
    var pairs: [(Int64, Int64)] = []
    for (one, numbers) in zip(texts, likely) {
      for number in numbers {
        // Two of one backlog are compared once, by the later one.
        if isNew, number > one.text.number, number <= backlog.end { continue }
        guard let other = recent[number], one.text.isNear(other.text),
          similarity(of: one.profile, and: other.profile)
            .isSimilar(inOneFeed: one.text.feed == other.text.feed)
        else { continue }
        pairs.append((one.text.number, number))
      }
    }
    let found = pairs
    return try indexing { () throws(IndexError) in try index.addSimilar(found, of: backlog) }
  }

  /// Reads the texts of articles that were compared some time ago.
  private mutating func read(_ numbers: Set<Int64>) throws(LibraryError) {
    guard !numbers.isEmpty else { return }
    let index = library.index
    let texts = try indexing { () throws(IndexError) in try index.similarTexts(numbers.sorted()) }
    for text in library.profiles(of: texts) { recent[text.text.number] = text }
  }
}

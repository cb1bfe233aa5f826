import FeedIndex
import FeedModel
import FeedParse
import FeedSync
import FeedText

/// Takes over what another reader knew, and says what became of it.
struct TakingOver {
  /// What the input is called.
  let name: String
  private let library: Library
  private let credentials: CredentialFile
  private let isDry: Bool
  private var taking: ReaderImport
  private var leftOut = 0
  /// Articles of which no feed is named.
  private var homeless = 0
  private var isCut = false
  private var names = 0
  /// Feeds have the numbers of their lines.
  private var isNumbered = true

  init(
    name: String,
    library: Library,
    credentials: CredentialFile,
    isDry: Bool,
    now: Timestamp
  ) throws {
    self.name = name
    self.library = library
    self.credentials = credentials
    self.isDry = isDry
    taking = try failing { () throws(LibraryError) in
      try ReaderImport(into: library, isDry: isDry, now: now)
    }
  }

  /// Follows the feeds of a list.
  mutating func take(_ list: SubscriptionList) throws {
    for issue in list.issues { say(issue) }
    isCut = list.isTruncated || list.issues.contains { $0.kind == .limit }
    for feed in list.feeds { try follow(feed) }
  }

  /// Takes over articles with their feeds.
  mutating func take(_ items: [ReaderItem]) throws {
    var order: [String] = []
    var byFeed: [String: [ReaderItem]] = [:]
    for item in items {
      guard let url = item.feedURL else {
        homeless += 1
        continue
      }
      if byFeed[url] == nil { order.append(url) }
      byFeed[url, default: []].append(item)
    }
    for url in order {
      let items = byFeed[url] ?? []
      var feed = ListedFeed(url: url, line: 0)
      feed.userinfo = items.lazy.compactMap(\.feedUserinfo).first
      feed.state = state(at: url, title: items.first?.feedTitle, site: nil)
      let id = try follow(feed)
      try failing { () throws(LibraryError) in try taking.take(items, of: id) }
    }
  }

  /// Takes over newsboat's `cache.db`.
  mutating func takeNewsboat(_ path: String) throws {
    guard fileIsReadable(path) else {
      throw Failure(fileExists(path) ? .noPermission : .inputOutput, "\(path) cannot be read.")
    }
    let cache = try reading(path) { () throws(IndexError) in try NewsboatCache(path: path) }
    let feeds = try reading(path) { () throws(IndexError) in try cache.feeds() }
    isNumbered = false
    let list = listedFeeds(feeds.map(\.url))
    for issue in list.issues { say(issue) }
    for var listed in list.feeds where feeds.indices.contains(listed.line - 1) {
      let feed = feeds[listed.line - 1]
      listed.state = state(at: listed.url, title: feed.title, site: feed.site)
      let id = try follow(listed)
      var start: Int64?
      repeat {
        let page = try reading(path) { () throws(IndexError) in
          try cache.articles(of: feed.url, before: start, limit: 2000)
        }
        try failing { () throws(LibraryError) in try taking.take(page.items, of: id) }
        start = page.last
      } while start != nil
    }
  }

  private func reading<Value>(
    _ path: String,
    _ body: () throws(IndexError) -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch {
      throw Failure(
        .notAFeed,
        "\(path) cannot be read as a cache of newsboat: \(error.message). "
          + "If newsboat is running, close it and try again."
      )
    }
  }

  /// Marks articles read by their guids or links.
  mutating func takeRead(_ names: [String]) throws {
    self.names = names.count
    try failing { () throws(LibraryError) in try taking.takeRead(names) }
  }

  /// Writes what is left and says what became of it all.
  ///
  /// - Returns: Whether nothing was left out.
  /// - Throws: `Failure` when it cannot be written.
  mutating func finish() throws -> Bool {
    try failing { () throws(LibraryError) in try taking.commit() }
    if isCut {
      Output.error.line("rill: \(name) is cut off or too large: what came before is taken over.")
    }
    if homeless > 0 {
      Output.error.line(
        "rill: \(name): left out: \(counted(homeless, "article")) of which no feed is named."
      )
    }
    if taking.counts.homeless > 0 {
      Output.error.line(
        "rill: \(name): left out: \(counted(taking.counts.homeless, "name")) of articles that are not "
          + "here and may be of any feed. Sync first, then import again."
      )
    }
    sayCounts()
    return leftOut == 0 && homeless == 0 && taking.counts.homeless == 0 && !isCut
  }

  /// What a reader knew of a feed.
  private func state(at url: String, title: String?, site: String?) -> FeedState {
    var state = FeedState(id: Subscription(url: url).id, registers: ["url": .string(url)])
    if let title { state.registers["source.title"] = .string(title) }
    if let site = site.flatMap(WebURL.init), site.isWeb {
      state.registers["source.site"] = .string(site.withoutUserinfo.text)
    }
    return state
  }

  @discardableResult
  private mutating func follow(_ feed: ListedFeed) throws -> FeedID {
    let id = taking.id(of: feed)
    // What is secret first, so that the feed is never asked without.
    try keepCredentials(of: feed, id)
    let isKnown = try failing { () throws(LibraryError) in try taking.take(feed).isKnown }
    if isDry, !isKnown {
      let tags = (feed.state?.tags ?? feed.tags).joined(separator: ", ")
      var title = feed.title ?? ""
      if case .string(let text)? = feed.state?.registers["source.title"] { title = text }
      let fields = [redacted(feed.url), title, tags].map { capped(terminalSafe($0)) }
      Output.standard.raw(Array(fields.joined(separator: "\t").utf8) + [0x0A])
    }
    return id
  }

  /// Keeps the login in the address of a feed that is followed from now on.
  ///
  /// A list changes no login: what a followed feed is asked with, or whether with anything, is for
  /// the person to say, and an undo of the import could not take it back.
  private func keepCredentials(of feed: ListedFeed, _ id: FeedID) throws {
    guard let userinfo = feed.userinfo, let mark = feed.url.firstRange(of: "://") else { return }
    let address = feed.url[..<mark.upperBound] + userinfo + "@" + feed.url[mark.upperBound...]
    guard let found = PlainAddress(String(address)).credentials else { return }
    let old = try credentials.secrets()[id]
    if old?.user == found.user, old?.password == .text(found.password) { return }
    let isLeft = taking.isFollowed(id) || old?.user != nil
    let notice =
      isLeft
      ? "The user and the password in its address are left out, for an import changes nobody's "
        + "login. To set them: rill set \(quoted(feed.url)) --user NAME"
      : isDry
        ? "The user and the password in its address would be put into \(credentials.path)."
        : CredentialFile.notice(credentials.path)
    Output.error.line("rill: \(place(feed.line)): \(feed.url): \(notice)")
    guard !isLeft, !isDry else { return }
    try credentials.update(id) { old in
      var secrets = old ?? FeedSecrets(origin: origin(of: feed.url))
      secrets.user = found.user
      secrets.password = .text(found.password)
      return secrets
    }
  }

  private func place(_ line: Int?) -> String {
    isNumbered ? name + (line.map { ":\($0)" } ?? "") : name
  }

  private mutating func say(_ issue: ParseIssue) {
    // Logins are told of where it is known what becomes of them.
    guard issue.kind == .rejected else { return }
    leftOut += 1
    let words = issue.detail ?? issue.kind.rawValue
    Output.error.line("rill: \(place(issue.line)): left out: \(words).")
  }

  private func sayCounts() {
    let counts = taking.counts
    var words: [String] = []
    let verb = isDry ? "Would follow" : "Following"
    if counts.feeds > 0 || counts.known > 0 {
      words.append(
        counts.feeds == 0
          ? "Already following \(counts.known == 1 ? "it" : "all \(counts.known)")."
          : "\(verb) \(counted(counts.feeds, "new feed"))"
            + (counts.known > 0
              ? "; \(counts.known) \(counts.known == 1 ? "was" : "were") followed already." : ".")
      )
    }
    if counts.articles + counts.read + counts.kept > 0 {
      words.append(
        "\(counted(counts.articles, "new article")); \(counts.read) read, "
          + "\(counts.kept) with stars, flags or labels."
      )
    }
    if names > 0 {
      words.append(
        "Of \(counted(names, "name")): \(counts.found) of articles here\(isDry || counts.found == 0 ? "" : ", marked read"); "
          + "\(counts.waiting) kept until the article comes."
      )
    }
    if words.isEmpty { words.append("There is nothing to take over in \(name).") }
    if isDry {
      words.append("Nothing was written.")
    } else if taking.actID != nil {
      words.append("Take it back with: rill undo.")
    }
    if !isDry, counts.feeds > 0 { words.append("Fetch with: rill sync") }
    Output.error.line(words.joined(separator: " "))
  }
}

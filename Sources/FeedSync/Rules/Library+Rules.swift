public import FeedIndex
import FeedMerge
public import FeedModel
import FeedStore

// A rule is the register `rule` under a key that no article has: so two machines that write one come to
// the same, an undo takes it back, and an older version keeps it.
extension Library {
  /// The rules, the oldest first.
  public func rules() throws(LibraryError) -> [StoredRule] {
    try indexing { () throws(IndexError) in try index.rules() }
      .map { StoredRule(key: $0.key, text: $0.text, at: $0.at) }
  }

  /// Adds a rule in one durable step.
  ///
  /// - Parameters:
  ///   - rule: Its names of feeds have to be looked up.
  ///   - now: The time of the act.
  /// - Returns: What it is called, and false where it was there already.
  /// - Throws: What the store answers.
  public func add(
    _ rule: Rule,
    now: Timestamp
  ) throws(LibraryError) -> (rule: StoredRule, isNew: Bool) {
    let stored = StoredRule(key: ruleKey(rule.text), text: rule.text, at: now)
    return (stored, try write(rule: rule.text, in: Act(), now: now))
  }

  /// Writes a rule; false where it is there already.
  func write(rule text: String, in act: Act, now: Timestamp) throws(LibraryError) -> Bool {
    let key = ruleKey(text)
    guard try !rules().contains(where: { $0.key == key }) else { return false }
    try append([line(.string(text), to: key, now: now)], in: act, now: now)
    return true
  }

  /// Removes rules in one durable step.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - takesBack: What they did to articles is taken back as well, where nobody has changed it since.
  ///   - now: The time of the act.
  /// - Returns: How many articles changed.
  /// - Throws: What the store answers; then nothing is changed.
  @discardableResult
  public func remove(
    _ rules: [StoredRule],
    takingBack takesBack: Bool = false,
    now: Timestamp
  ) throws(LibraryError) -> Int {
    var lines: [PendingLine] = []
    for rule in rules { lines.append(try line(.none, to: rule.key, now: now)) }
    var changed: Set<ArticleID> = []
    for rule in rules where takesBack {
      let marks = try indexing { () throws(IndexError) in try index.marks(notedIn: rule.note) }
      let moments = try moments(of: marks, notedIn: rule.note, now: now)
      // The same writes are one line: to each register at each moment.
      var sets: [SetLine: [ArticleID]] = [:]
      for (key, registers) in marks {
        let at = moments[key] ?? now
        for register in registers {
          sets[SetLine(at: at, register: register, value: .bool(false)), default: []].append(key)
        }
        sets[SetLine(at: at, register: rule.note, value: .none), default: []].append(key)
        if !registers.isEmpty { changed.insert(key) }
      }
      lines += sets.sorted { ($0.key.at, $0.key.register) < ($1.key.at, $1.key.register) }
        .map { set, ids in
          PendingLine(
            at: set.at,
            operation: .set(key: set.register, value: set.value, ids: ids)
          )
        }
    }
    try append(lines, in: Act(), now: now)
    return changed.count
  }

  private struct SetLine: Hashable {
    var at: Timestamp
    var register: String
    var value: RegisterValue
  }

  private func line(
    _ value: RegisterValue,
    to key: ArticleID,
    now: Timestamp
  ) throws(LibraryError) -> PendingLine {
    let last = try indexing { () throws(IndexError) in
      try index.lastWrites(to: "rule", of: [key], since: now)[key]
    }
    return PendingLine(
      at: moment(now, after: last),
      operation: .set(key: "rule", value: value, ids: [key])
    )
  }

  /// A moment for each article at which all its registers are written, and that beats what is there.
  private func moments(
    of deeds: [(key: ArticleID, registers: [String])],
    notedIn note: String,
    now: Timestamp
  ) throws(LibraryError) -> [ArticleID: Timestamp] {
    var moments: [ArticleID: Timestamp] = [:]
    let keys = deeds.map(\.key)
    for key in keys { moments[key] = moment(now, after: nil) }
    for register in Set(deeds.flatMap(\.registers)).union([note]) {
      let late = try indexing { () throws(IndexError) in
        try index.lastWrites(to: register, of: keys, since: now)
      }
      for (key, last) in late { moments[key] = max(moments[key] ?? now, moment(now, after: last)) }
    }
    return moments
  }

  /// The articles that a rule is about, read or unread, the newest first.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - now: The time of asking.
  ///   - progress: Told how many articles of how many have been read for their words.
  /// - Returns: Rows as a list shows them, also of articles that are that way already.
  /// - Throws: What the index answers.
  public func articles(
    of rule: Rule,
    now: Timestamp,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> [ArticleRow] {
    var query = ArticleQuery()
    query.includesRead = true
    // An article that one rule hid another may be about.
    query.includesHidden = true
    query.filter = rule.query.asRule(now: now, united: try unitedFeeds())
    return try articles(query, progress: progress)
  }

  /// Into which feeds others went that are not followed any more.
  func unitedFeeds() throws(LibraryError) -> [FeedID: FeedID] {
    try indexing { () throws(IndexError) in try index.unitedFeeds() }
  }

  /// Does with articles that are here what a rule says, as one act.
  ///
  /// - Parameters:
  ///   - stored: The rule.
  ///   - articles: What it is about.
  ///   - act: What it is a part of.
  ///   - now: The time of the act.
  /// - Returns: How many articles changed.
  /// - Throws: What the store answers; then nothing is changed.
  public func run(
    _ stored: StoredRule,
    on articles: [ArticleRow],
    in act: Act = Act(),
    now: Timestamp
  ) throws(LibraryError) -> Int {
    guard let rule = stored.rule else { return 0 }
    let deeds = articles.compactMap { row in
      RuleDeed(row.id, rule.actions) { $0.holds(for: row) }
    }
    guard !deeds.isEmpty else { return 0 }
    let moments = try moments(
      of: deeds.map { (key: $0.article, registers: $0.registers) },
      notedIn: stored.note,
      now: now
    )
    let lines = Dictionary(grouping: deeds) { moments[$0.article] ?? now }
      .sorted { $0.key < $1.key }
      .flatMap { at, deeds in FeedSync.lines(of: deeds, notedIn: stored.note, at: at) }
    try append(lines, in: act, now: now)
    return deeds.count
  }
}

extension Rule.Action {
  /// Whether an article is that way already.
  public func holds(for article: ArticleRow) -> Bool {
    switch self {
    case .markRead: article.isRead
    case .star: article.isStarred
    case .hide: article.isHidden
    case .tag(let name): article.tags.contains(name)
    }
  }
}

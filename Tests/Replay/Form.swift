/// How an article stands in one document, as far as it can be known by.
struct Form {
  var guid: String?
  /// The link without what counts campaigns.
  var link: String?
  /// The link, where all articles have this one.
  var sharedLink: String?
  var title: String?
  var words: [String]
  /// What the publisher claims, in seconds; nil where there is none.
  var date: Int64?
  /// The date is that of publication, and not of the fetch.
  var isDateReal: Bool
  /// Guid or link are made once for an article.
  var hasLastingName: Bool

  /// The share of words that both have.
  static func likeness(_ left: [String], _ right: [String]) -> Double {
    if left == right { return 1 }
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    var counts: [String: Int] = [:]
    for word in left { counts[word, default: 0] += 1 }
    var shared = 0
    for word in right where counts[word, default: 0] > 0 {
      counts[word, default: 0] -= 1
      shared += 1
    }
    return Double(shared * 2) / Double(left.count + right.count)
  }

  func isNear(_ other: Form) -> Bool {
    words.count >= 12 && Self.likeness(words, other.words) >= 0.9
  }

  func hasDate(of other: Form) -> Bool {
    isDateReal && other.isDateReal && date != nil && date == other.date
  }

  func contradictsDate(of other: Form) -> Bool {
    isDateReal && other.isDateReal && date != nil && other.date != nil && date != other.date
  }

  func hasTitle(of other: Form) -> Bool { title != nil && title == other.title }
}

/// What a publisher's articles have been known by so far: says what can be decided at all.
///
/// The rules are a reader's, who sees one document and remembers the others, and not those of the
/// ladder.
struct Acquaintance {
  private(set) var last: [Int: Form] = [:]
  private var guids: [String: Set<Int>] = [:]
  private var links: [String: Set<Int>] = [:]
  private var texts: [String: Set<Int>] = [:]
  /// Under how many links each article stood.
  private var linkCounts: [Int: Int] = [:]

  mutating func note(_ article: Int, _ form: Form) {
    last[article] = form
    if let guid = form.guid { guids[guid, default: []].insert(article) }
    if let link = form.link, links[link, default: []].insert(article).inserted {
      linkCounts[article, default: 0] += 1
    }
    texts[Self.text(form), default: []].insert(article)
  }

  /// A guid or a link that was never another article's, and stands in this form as in the last.
  func hasStayed(_ article: Int, _ form: Form) -> (guid: Bool, link: Bool) {
    guard let last = last[article] else { return (false, false) }
    let guid = form.guid != nil && form.guid == last.guid && isOwn(form.guid, article, guids)
    let link = form.link != nil && form.link == last.link && isOwn(form.link, article, links)
    return (guid, link)
  }

  /// Whether anybody could say that this is the article that stood in an earlier document.
  func isKnowable(_ article: Int, _ form: Form) -> Bool {
    guard let last = last[article] else { return true }
    let stayed = hasStayed(article, form)
    if stayed.guid { return true }
    let isSame = form.words == last.words && !form.words.isEmpty
    let isTitled = form.hasTitle(of: last)
    let isDated = form.hasDate(of: last)
    let isUndated = form.date == nil || last.date == nil
    if stayed.link {
      if isDated { return true }
      // A page that shows another thing each day has a new title, a new guid, and a frame that
      // stays.
      let isGuidReplaced = form.guid != nil && last.guid != nil
      if isGuidReplaced {
        return isUndated ? isSame && isTitled : isTitled && (isSame || form.isNear(last))
      }
      return isSame || form.isNear(last) || isTitled && isUndated
    }
    // Title and text are all that is left. Two dates may be two articles.
    if form.contradictsDate(of: last) { return false }
    if !isUndated, !isDated, form.guid != nil || form.link != nil { return false }
    let isAlone = isDated || texts[Self.text(form)].map { $0 == [article] } ?? true
    guard isAlone else { return false }
    // One description may be that of several, and a report differs from the next by a few words.
    // A site that moves with nothing but its words is as good as another site.
    // Under a new guid at a new page, and without a date, it may be the next open thread; that links
    // do not last is seen where one article had several.
    guard isDated else {
      return isTitled && isSame && form.sharedLink == last.sharedLink && !form.hasLastingName
        && (form.link == nil || linkCounts[article, default: 0] >= 3)
    }
    if isTitled { return form.words == last.words || form.isNear(last) }
    return isSame && form.words.count >= 20
  }

  /// Whether anybody could say that this is an article that never stood in a document.
  func isDistinct(_ form: Form) -> Bool {
    for other in last.values {
      if let guid = form.guid, guid == other.guid { return false }
      let hasOtherDate = form.contradictsDate(of: other)
      let isLike = form.words == other.words || form.isNear(other)
      let isTitled = form.hasTitle(of: other) || form.title == nil && other.title == nil
      if let link = form.link, link == other.link {
        // One page that shows another thing each day.
        if isLike || form.hasTitle(of: other) { return false }
        if form.hasDate(of: other) { return false }
        continue
      }
      if isLike, isTitled { guard hasOtherDate, form.hasLastingName else { return false } }
      if isLike, !form.words.isEmpty, form.words.count >= 12 {
        guard hasOtherDate, form.hasLastingName else { return false }
      }
      if form.hasTitle(of: other), form.words.isEmpty || other.words.isEmpty {
        guard hasOtherDate, form.hasLastingName else { return false }
      }
    }
    return true
  }

  private func isOwn(_ value: String?, _ article: Int, _ owners: [String: Set<Int>]) -> Bool {
    value.flatMap { owners[$0] } == [article]
  }

  private static func text(_ form: Form) -> String {
    (form.title ?? "") + "\n" + form.words.joined(separator: " ")
  }
}

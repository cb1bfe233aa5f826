import FeedModel

/// Builds a feed out of what happens in its document.
///
/// Invariants:
/// 1. `stack` has one entry for each open element.
/// 2. While `field` is set, the text of its element is gathered and every element in it is markup.
/// 3. An item joins the feed when its element closes, never before: one that is cut off is lost.
final class FeedBuilder: DocumentBuilder {
  /// What an open element means.
  enum Context {
    /// It and everything in it says nothing.
    case ignored
    /// `rss` or `rdf:RDF`.
    case root
    /// `channel` or `feed`.
    case feed
    /// What only holds items: `items`, or a channel in a channel.
    case section
    case item
    /// The element whose text `field` gathers.
    case field
    /// An element within that text.
    case markup
    /// RSS `image`.
    case image
    /// An Atom person.
    case person
    case skipHours
    case skipDays
    /// `media:content`, or what frames others of its kind.
    case media
    case mediaGroup
    /// What frames a place; a line and a ring hold many positions.
    case place, line, ring
    /// Atom `source`.
    case source
    /// `psc:chapters`.
    case chapters
    /// `itunes:category`, which nests.
    case category
  }

  /// Who the open person is.
  enum PersonRole {
    case author, contributor, sourceAuthor, owner
  }

  var feed = ParsedFeed(format: .rss20)
  var feedFacts = FactsDraft()
  var itemFacts = FactsDraft()
  /// There is something in `itemFacts`.
  var itemSaysMore = false
  var issues: IssueLog
  var stack: [Context] = []
  var draft: ItemDraft?
  /// An item is open; to be asked while `draft` is being changed.
  private(set) var isInItem = false
  /// The text of the item that is open, or of the feed, against the cap.
  var articleBytes = 0
  /// Some of it was cut, and that was noted.
  private var isCut = false
  var person = Author()
  var personRole = PersonRole.author
  var feedTitle = Ranked<String>()
  var feedLink = Ranked<String>()
  /// The feed's link, if it was absolute in the document.
  var feedLinkBase: WebURL?
  var feedDescription = Ranked<String>()
  var feedIcon = Ranked<String>()
  var feedLanguage = Ranked<String>()
  /// The person that was read last: most items of a feed are by one.
  var lastPerson: (text: String, author: Author?)?
  /// The names of the feed's authors.
  var metAuthors = MetTexts()
  var updatePeriod: Int64?
  var updateFrequency: Int64 = 1
  /// The vocabulary of what has no namespace: that of RSS, of Atom or of CDF.
  var core: XMLNamespace = .rss
  /// What the frame of the feed is in, `channel` or `feed`.
  var own: (namespace: XMLNamespace, prefix: String?) = (.none, nil)
  var foundRoot = false
  /// A root element that is not only a feed's.
  var doubtfulRoot: String?
  private(set) var isDone = false
  private(set) var limit: Limit?

  // The text that is being gathered.
  var field: Field?
  var kind = TextKind.plain
  var text: [UInt8] = []
  var markup: [XMLName] = []
  /// The `div` around XHTML is open (RFC 4287 §3.1.1.3).
  var isInFrame = false
  /// How many open elements within a field that holds no markup hide their text.
  var hiddenDepth = 0
  /// Where the element that opened last is in the document.
  private var offset = 0
  private var lines = LineCounter()
  private let document: [UInt8]

  // URLs.
  let baseURL: WebURL?
  var resolver = ReferenceResolver()
  private var bases: [(depth: Int, url: WebURL)] = []
  /// Bodies that wait for the feed's link, by the place of their item.
  private var waiting: [(place: Int, body: ItemDraft.Body)] = []

  /// - Parameters:
  ///   - document: The document, to say on which line something is.
  ///   - baseURL: Where it came from.
  ///   - issues: What was noted before.
  init(_ document: [UInt8], baseURL: String?, issues: IssueLog) {
    self.document = document
    self.baseURL = resolver.base(baseURL)
    self.issues = issues
    text.reserveCapacity(1 << 12)
  }

  var hasOpenElements: Bool { !stack.isEmpty }
  var isEmpty: Bool { feed.items.isEmpty }

  /// `xml:base` in scope, resolved; nil when there is none (XML Base §3).
  var explicitBase: WebURL? { bases.last?.url }

  func startElement(_ name: XMLName, _ attributes: XMLAttributes, at offset: Int) {
    guard !isDone else { return }
    self.offset = offset
    if stack.count >= Limit.depth.value { return stop(.depth) }
    if attributes.count > 0 { noteBase(attributes) }
    if field != nil, hiddenDepth == 0 { findForm(name) }
    if field != nil {
      beginMarkup(name, attributes)
      stack.append(.markup)
      return
    }
    let context: Context =
      switch stack.last {
      case nil: startRoot(name, attributes)
      case .root: startInRoot(name, attributes)
      case .feed: startInFeed(name, attributes)
      case .section: startInSection(name, attributes)
      case .item: startInItem(name, attributes)
      case .media, .mediaGroup: startInMedia(name, attributes)
      case .place, .line, .ring: startInPlace(name, attributes)
      case .source: startInSource(name, attributes)
      case .chapters: startInChapters(name, attributes)
      case .image: startInImage(name, attributes)
      case .person: startInPerson(name, attributes)
      case .category: name.namespace == .itunes ? beginCategory(attributes) : .ignored
      case .skipHours: name.element == .hour ? gather(.hour, .plain) : .ignored
      case .skipDays: name.element == .day ? gather(.day, .plain) : .ignored
      case .ignored, .field, .markup: .ignored
      }
    stack.append(context)
  }

  func endElement() {
    guard !isDone, let context = stack.popLast() else { return }
    switch context {
    case .field: finishField()
    case .markup: endMarkup()
    case .item: finishItem()
    case .person: finishPerson()
    case .mediaGroup: itemFacts.isInGroup = false
    case .ignored, .root, .feed, .section, .image, .skipHours, .skipDays, .media, .place, .line,
      .ring, .source, .chapters, .category:
      break
    }
    if let base = bases.last, base.depth >= stack.count { bases.removeLast() }
  }

  var wantsText: Bool { field != nil && hiddenDepth == 0 && !isDone }

  func text(_ bytes: Span<UInt8>) {
    guard wantsText else { return }
    // A title or a date behind a body that is cut still stands.
    let least = field?.holdsMarkup == true && draft?.title.value != nil ? 0 : Self.smallTextBytes
    let room = max(Limit.articleBytes.value - articleBytes, least - text.count, 0)
    guard bytes.count > room else {
      articleBytes += bytes.count
      return appendText(bytes)
    }
    noteArticleLimit()
    var kept = room
    while kept > 0, bytes[kept] & 0xC0 == 0x80 { kept -= 1 }
    articleBytes = max(articleBytes + kept, Limit.articleBytes.value)
    appendText(bytes.extracting(0..<kept))
  }

  /// Notes that a text was cut, once for each item.
  func noteArticleLimit() {
    guard !isCut else { return }
    isCut = true
    note(.limit, Limit.articleBytes.detail)
  }

  /// What a field may have when the article as a whole may have no more.
  private static let smallTextBytes = 1 << 12

  func text(taking bytes: inout [UInt8]) {
    let isWithinRoom = bytes.count <= Limit.articleBytes.value - articleBytes
    guard wantsText, isWithinRoom, bytes.count >= Self.longTextBytes, text.isEmpty,
      kind != .markup, markup.isEmpty
    else { return text(bytes.span) }
    articleBytes += bytes.count
    swap(&text, &bytes)
  }

  /// From here on a copy of a text costs more than a new buffer.
  static let longTextBytes = 4096

  func mended(_ kind: ParseIssue.Kind, at offset: Int, _ detail: String) {
    guard issues.wants(kind) else { return }
    let document = document
    issues.note(kind, line: lines.line(at: offset, in: document.span), detail: detail)
  }

  func malformed(_ message: String) {
    guard !isDone else { return }
    note(.malformedXML, collapsed(message))
  }

  /// Notes an issue at the element that opened last.
  func note(_ kind: ParseIssue.Kind, _ detail: String) { mended(kind, at: offset, detail) }

  /// Ends the document here, because of a cap.
  func stop(_ limit: Limit) {
    guard !isDone else { return }
    note(.limit, limit.detail)
    self.limit = limit
    isDone = true
  }

  /// An element that may hold a text may hold elements of Atom instead: a person, a source.
  private func findForm(_ name: XMLName) {
    switch field {
    case .author where Self.isPersonPart(name):
      field = nil
      stack[stack.count - 1] = beginPerson(.author)
    case .fact(.sourceTitle) where stack.last == .field && Self.isSourcePart(name):
      field = nil
      stack[stack.count - 1] = .source
    default: break
    }
  }

  /// Begins to gather the text of the element that opens.
  func gather(_ field: Field, _ kind: TextKind) -> Context {
    self.field = field
    self.kind = kind
    hiddenDepth = 0
    isInFrame = false
    text.removeAll(keepingCapacity: true)
    return .field
  }

  private func noteBase(_ attributes: XMLAttributes) {
    if let value = attributes[.xml, .base] { addBase(value) }
  }

  /// Takes a base for what is in the element that opens.
  func addBase(_ value: String) {
    // A base that cannot be read, or is too long, changes nothing.
    guard !value.isEmpty, let base = resolver.base(value, within: explicitBase ?? baseURL) else {
      return
    }
    bases.append((stack.count, base))
  }

  // MARK: Items

  func beginItem(_ attributes: XMLAttributes) -> Context {
    guard feed.items.count < Limit.items.value else {
      stop(.items)
      return .ignored
    }
    var draft = ItemDraft()
    draft.item.guid = attributes[.rdf, .about].flatMap(Self.trimmed)
    if let guid = draft.item.guid, Self.isLink(guid) {
      draft.link.offer(guid, rank: Self.guidRank)
    }
    draft.item.language = attributes[.xml, .lang].flatMap(Self.languageTag)
    self.draft = draft
    isInItem = true
    if itemSaysMore { itemFacts = FactsDraft() }
    itemSaysMore = false
    articleBytes = 0
    isCut = false
    return .item
  }

  private func finishItem() {
    // Taken, not copied: a draft is two dozen values.
    guard var draft = draft.take() else { return }
    isInItem = false
    articleBytes = 0
    var (item, body) = draft.takeItem()
    if itemSaysMore { finishItemFacts(&item) }
    // An item's own link is a better base than the feed's, which may still be unknown.
    let hasBase =
      body?.base != nil || feedLinkBase != nil || item.url.map({ hasScheme($0) }) == true
    if let body {
      if hasBase || !body.isHTML {
        store(body, in: &item)
      } else {
        waiting.append((feed.items.count, body))
      }
    }
    feed.items.append(consume item)
  }

  private func finishItemFacts(_ item: inout FeedItem) {
    item.facts = itemFacts.ofItem
    if item.authors.isEmpty { item.authors = itemFacts.otherAuthors.value ?? [] }
    if item.language == nil, let language = itemFacts.textLanguage.value,
      language != feedLanguage.value
    {
      item.language = language
    }
  }

  private func store(_ body: ItemDraft.Body, in item: inout FeedItem) {
    guard body.isHTML else {
      item.contentText = String(validUTF8: body.bytes)
      return
    }
    let link = item.url
    let resolved = standaloneHTML(body.bytes, with: &resolver) { resolver in
      body.base ?? resolver.base(link) ?? feedLinkBase ?? baseURL
    }
    item.contentHTML = String(validUTF8: resolved ?? body.bytes)
  }

  /// The feed, when the document is at its end.
  func finished() -> ParsedFeed {
    feed.title = feedTitle.value
    let isOwnAddress = feedLink.value == feed.feedURL || feedLink.value == baseURL?.text
    feed.homePageURL = feedLink.rank == Self.guidRank && isOwnAddress ? nil : feedLink.value
    feed.description = feedDescription.value
    feed.icon = feedIcon.value
    feed.language = feedLanguage.value
    feed.facts = feedFacts.ofFeed
    if let updatePeriod { feed.schedule.updateSeconds = max(1, updatePeriod / updateFrequency) }
    for index in waiting.indices {
      let (place, body) = waiting[index]
      // Its bytes go when they are in the item: all together they may be the whole document.
      waiting[index].1.bytes = []
      store(body, in: &feed.items[place])
    }
    for limit in resolver.passed { issues.note(.limit, detail: limit.detail) }
    feed.issues = issues.sorted
    return feed
  }

  /// How far an id is trusted to be a link: only where there is no other.
  static let guidRank = 99

  /// A text without white space around it; nil when nothing is left.
  static func trimmed(_ text: String) -> String? {
    guard let first = text.utf8.first, let last = text.utf8.last else { return nil }
    if !Bytes.isSpace(first), !Bytes.isSpace(last) { return text }
    let trimmed = String(validUTF8: Array(Array(text.utf8).trimmed))
    return trimmed.isEmpty ? nil : trimmed
  }

  /// A language tag (RFC 5646) without white space, its parts joined as they should be.
  static func languageTag(_ text: String) -> String? {
    trimmed(text)
      .map { text in
        guard text.holds("_") else { return text }
        return String(text.map { $0 == "_" ? "-" : $0 })
      }
  }

  /// Whether a guid is shaped like a URL of the web.
  static func isLink(_ guid: String) -> Bool {
    let bytes = guid.utf8.span
    let isWeb =
      Bytes.hasPrefix("http://", in: bytes, at: 0) || Bytes.hasPrefix("https://", in: bytes, at: 0)
    return isWeb && bytes.count > 10 && !guid.utf8.contains(where: Bytes.isSpace)
  }
}

import FeedJSON
import FeedModel

/// Builds a list of subscriptions out of what happens in its document.
///
/// Invariants:
/// 1. `open` has one entry for each open element.
/// 2. `path` has one name for each open folder that has a name, but for those beyond the cap;
///    `pathNumbers` has the number of the path that ends with it.
/// 3. `folderNumbers` has one set for each feed: the numbers of its folders.
/// 4. Nothing here goes deeper with the document: an outline costs the same at every depth.
final class SubscriptionBuilder: DocumentBuilder {
  /// What an open element is.
  private enum Context {
    case other
    case head
    /// The element of the head whose text is gathered.
    case field
    /// An outline whose name is the last of `path`.
    case folder
  }

  /// A folder: its name, and the number of the path that leads to it.
  ///
  /// Names may be long, so a path is looked up once, where it opens, and known by a number then.
  private struct Folder: Hashable {
    let parent: Int
    let name: String
  }

  private(set) var list = SubscriptionList()
  var issues: IssueLog
  private(set) var foundRoot = false
  private(set) var isDone = false
  private(set) var limit: Limit?
  private var open: [Context] = []
  private var path: [String] = []
  private var pathNumbers: [Int] = []
  /// From 1; 0 is the empty path.
  private var numbers: [Folder: Int] = [:]
  private var folderNumbers: [Set<Int>] = []
  private var places: [String: Int] = [:]
  /// Outlines that have an address, good or bad.
  private var entries = 0
  private var folderEntries = 0
  private var field: ElementName?
  private var text: [UInt8] = []
  private var line = 1
  private var lines = LineCounter()
  private let document: [UInt8]
  private var addresses: ListedAddresses

  init(_ document: [UInt8], baseURL: String?, issues: IssueLog) {
    addresses = ListedAddresses(baseURL: baseURL)
    self.document = document
    self.issues = issues
  }

  var hasOpenElements: Bool { !open.isEmpty }
  var isEmpty: Bool { list.feeds.isEmpty }

  func startElement(_ name: XMLName, _ attributes: XMLAttributes, at offset: Int) {
    guard !isDone else { return }
    let document = document
    line = lines.line(at: offset, in: document.span)
    guard foundRoot else {
      foundRoot = true
      list.version = text(attributes[.version])
      return open.append(.other)
    }
    if name.element == .outline { return open.append(outline(attributes)) }
    if name.element == .head { return open.append(.head) }
    guard open.last == .head, Self.fields.contains(name.element) else { return open.append(.other) }
    field = name.element
    text.removeAll(keepingCapacity: true)
    open.append(.field)
  }

  func endElement() {
    guard !isDone, let context = open.popLast() else { return }
    switch context {
    case .field: finishField()
    case .folder:
      path.removeLast()
      pathNumbers.removeLast()
    case .head, .other: break
    }
  }

  var wantsText: Bool { field != nil && !isDone }

  func text(_ bytes: Span<UInt8>) {
    guard wantsText, text.count + bytes.count <= Limit.articleBytes.value else {
      return
    }
    text.append(bytes)
  }

  func mended(_ kind: ParseIssue.Kind, at offset: Int, _ detail: String) {
    guard issues.wants(kind) else { return }
    let document = document
    issues.note(kind, line: lines.line(at: offset, in: document.span), detail: detail)
  }

  func malformed(_ message: String) {
    guard !isDone else { return }
    issues.note(.malformedXML, line: line, detail: collapsed(message))
  }

  func stop(_ limit: Limit) {
    guard !isDone else { return }
    issues.note(.limit, line: line, detail: limit.detail)
    self.limit = limit
    isDone = true
  }

  /// The list, when the document is at its end.
  func finished() -> SubscriptionList {
    for limit in addresses.passed { issues.note(.limit, detail: limit.detail) }
    list.issues = issues.sorted
    return list
  }

  // MARK: The head

  private static let fields: Set<ElementName> = [
    .title, .dateCreated, .dateModified, .ownerName, .ownerEmail, .ownerID,
  ]

  private func finishField() {
    guard let field else { return }
    self.field = nil
    guard let value = plain(text) else { return }
    switch field {
    case .title: list.title = list.title ?? value
    case .dateCreated: list.created = date(value)
    case .dateModified: list.modified = date(value)
    case .ownerName: owner { $0.name = value }
    case .ownerEmail: owner { if $0.url == nil { $0.url = "mailto:" + value } }
    case .ownerID: owner { $0.url = addresses.site(value) ?? $0.url }
    default: break
    }
  }

  private func owner(_ change: (inout Author) -> Void) {
    var owner = list.owner ?? Author()
    change(&owner)
    list.owner = owner == Author() ? nil : owner
  }

  private func date(_ text: String) -> Timestamp? {
    let date = DateParser.timestamp(text)
    if date == nil { issues.note(.badDate, line: line, detail: text) }
    return date
  }

  // MARK: The outlines

  /// An outline with an address is a feed; any other is a folder, or a note in it.
  private func outline(_ attributes: XMLAttributes) -> Context {
    let type = text(attributes[.type])?.lowercased()
    let isFeed = type.map(Self.feedTypes.contains) == true
    // Quirk: the address of a feed is its `url`. Seen: lists of links that hold feeds. Fixture: opml/url-attribute.opml
    let address = text(attributes[.xmlURL]) ?? (isFeed ? text(attributes[.url]) : nil)
    let name = plain(attributes[.text]) ?? plain(attributes[.title])
    guard address != nil || isFeed else { return folder(name) }
    entries += 1
    guard entries <= Limit.listedFeeds.value else {
      stop(.listedFeeds)
      return .other
    }
    if let type, Self.scrapedTypes.contains(type) {
      reject(name, address, .scrapedPage)
      return .other
    }
    switch addresses.address(address ?? "") {
    case .failure(let rejection): reject(name, address, rejection)
    case .success(let url): take(url, name, type, attributes)
    }
    return .other
  }

  private static let feedTypes: Set<String> = ["rss", "atom", "rdf", "feed", "json", "jsonfeed"]

  // Quirk: the address is that of a page, and says how to take it apart. Seen: FreshRSS. Fixture: opml/freshrss.opml
  private static let scrapedTypes: Set<String> = [
    "html+xpath", "xml+xpath", "json+dotnotation", "html+xpath+json+dotnotation",
  ]

  private func folder(_ name: String?) -> Context {
    guard let name else { return .other }
    guard path.count < Limit.folders.value else {
      issues.note(.limit, line: line, detail: Limit.folders.detail)
      return .other
    }
    let folder = Folder(parent: pathNumbers.last ?? 0, name: name)
    let number = numbers[folder] ?? numbers.count + 1
    numbers[folder] = number
    path.append(name)
    pathNumbers.append(number)
    return .folder
  }

  private func reject(_ name: String?, _ address: String?, _ rejection: ListedAddresses.Rejection) {
    // Of an address that was not taken only the scheme is shown: it may hold a password.
    var shown = scheme(address).map { "(\($0))" } ?? "(no name)"
    if let name, name != plain(address) { shown = name }
    issues.note(.rejected, line: line, detail: "\(shown): \(rejection.rawValue)")
  }

  /// The scheme that an address names; nil when it is no URL.
  private func scheme(_ address: String?) -> String? { address.flatMap(WebURL.init)?.scheme }

  private func take(_ url: WebURL, _ name: String?, _ type: String?, _ attributes: XMLAttributes) {
    let text = url.withoutUserinfo.withoutFragment.text
    if let place = places[text] {
      list.duplicates += 1
      return addFolders(to: place)
    }
    var feed = ListedFeed(url: text, line: line)
    if let userinfo = url.userinfo, !userinfo.isEmpty {
      feed.userinfo = userinfo
      issues.note(.credentials, line: line, detail: text)
    }
    // Quirk: the address stands in place of a name. Seen: programs that had not read the feed yet. Fixture: opml/address-as-name.opml
    feed.title = name == plain(attributes[.xmlURL] ?? attributes[.url]) ? nil : name
    feed.siteURL = attributes[.htmlURL].flatMap { addresses.site($0) }
    feed.description = plain(attributes[.description])
    feed.language = attributes[.language].flatMap(FeedBuilder.languageTag)
    feed.type = type
    feed.version = self.text(attributes[.version])
    feed.categories = categories(attributes[.category])
    feed.state = attributes[.rill, .state].flatMap { state($0, at: text) }
    places[text] = list.feeds.count
    list.feeds.append(feed)
    folderNumbers.append([])
    addFolders(to: list.feeds.count - 1)
  }

  /// What Rill itself wrote of a feed: a line of its state, where that is of this address.
  private func state(_ text: String, at url: String) -> FeedState? {
    do throws(JSONError) {
      guard case .feed(let state) = try StateLine.read(Array(text.utf8)),
        state.registers["url"] == .string(url)
      else { return nil }
      return state
    } catch {
      issues.note(.badValue, line: line, detail: "rill:state")
      return nil
    }
  }

  /// OPML 2.0 `category`: a list with commas between its paths.
  private func categories(_ text: String?) -> [String] {
    guard let text else { return [] }
    var met = MetTexts()
    var categories: [String] = []
    for part in text.split(separator: ",", maxSplits: Limit.listEntries.value) {
      guard categories.count < Limit.listEntries.value, let category = plain(String(part)),
        met.insert(category, to: categories)
      else { continue }
      categories.append(category)
    }
    return categories
  }

  private func addFolders(to place: Int) {
    let number = pathNumbers.last ?? 0
    guard list.feeds[place].folders.count < Limit.listEntries.value,
      !folderNumbers[place].contains(number)
    else { return }
    folderEntries += path.count
    guard folderEntries <= Limit.folderEntries.value else {
      return issues.note(.limit, line: line, detail: Limit.folderEntries.detail)
    }
    folderNumbers[place].insert(number)
    list.feeds[place].folders.append(path)
  }

  // MARK: Values

  private func text(_ value: String?) -> String? { value.flatMap(FeedBuilder.trimmed) }

  private func plain(_ value: String?) -> String? { value.flatMap { plain(Array($0.utf8)) } }

  /// A name as plain text: titles of feeds are copied into lists with their references.
  private func plain(_ bytes: [UInt8]) -> String? {
    let isHTML = looksLikeHTML(bytes, isTitle: true)
    let text = isHTML ? plainText(ofHTML: bytes, keepingUnknownTags: true) : collapsed(bytes)
    return text.isEmpty ? nil : withoutUserinfo(text)
  }
}

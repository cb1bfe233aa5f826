import FeedModel

/// An item while its element is open.
struct ItemDraft {
  /// A text that may become the body or the summary.
  struct Body {
    var bytes: [UInt8]
    var kind: TextKind
    /// `xml:base` in scope.
    var base: WebURL?
  }

  var item = FeedItem()
  var title = Ranked<String>()
  var link = Ranked<String>()
  var image = Ranked<String>()
  var published = Ranked<Timestamp>()
  var modified = Ranked<Timestamp>()
  var content = Ranked<Body>()
  var summary = Ranked<Body>()
  /// The longest of the texts that could have been the summary as well.
  private var otherText: Body?
  var metTags = MetTexts()
  var metFiles = MetTexts()
  var metAuthors = MetTexts()
  /// What the `guid` or `id` that is open says of itself.
  var guidIsLink = false
  var duration: Int64?

  /// What a picture says of itself or a line of an overview is no text of an article.
  private static let textRankMax = 6

  /// Takes a text that says what the item is about.
  ///
  /// Several may stand in one item: a description of each vocabulary, or the same element twice.
  /// The longest is never lost: without content it becomes the body.
  mutating func offerSummary(_ text: Body, rank: Int) {
    let (oldText, oldRank) = (summary.value, summary.rank)
    summary.offer(text, rank: rank)
    let isTaken = rank < oldRank
    guard let other = isTaken ? oldText : text,
      (isTaken ? oldRank : rank) <= Self.textRankMax,
      other.bytes.count > otherText?.bytes.count ?? 0
    else { return }
    otherText = other
  }

  /// Puts the item together, but for its relative URLs, and leaves an empty one behind.
  mutating func takeItem() -> (item: FeedItem, body: Body?) {
    var item = FeedItem()
    swap(&item, &self.item)
    item.title = title.value
    item.image = image.value
    item.published = published.value
    item.modified = modified.value
    item.url = link.value
    if let duration,
      let place = item.attachments.firstIndex(where: {
        $0.durationInSeconds == nil && $0.mimeType?.hasPrefix("image/") != true
      })
    {
      item.attachments[place].durationInSeconds = duration
    }
    // The only text there is, is the body, whatever it is called.
    guard let body = bodyBesideSummary else { return (item, summary.value) }
    if let summary = summary.value, !Bytes.areEqual(summary.bytes, body.bytes) {
      let text = summary.plainText
      item.summary = text.isEmpty ? nil : text
    }
    return (item, body)
  }

  /// The content; without one, the longest text if that is not the summary itself.
  private var bodyBesideSummary: Body? {
    guard let summary = summary.value else { return content.value }
    // Quirk: the content is an empty paragraph, and the text is the description. Seen: editors that save what was left blank. Fixture: quirks/blank-content.xml
    if let content = content.value, !content.isBlank { return content }
    guard let otherText, otherText.bytes.count > summary.bytes.count else { return nil }
    return otherText
  }
}

extension ItemDraft.Body {
  /// The text without its markup.
  var plainText: String {
    switch kind {
    case .plain, .plainBase64: collapsed(bytes)
    case .html, .markup: FeedParse.plainText(ofHTML: bytes)
    case .guess, .base64:
      looksLikeHTML(bytes)
        ? FeedParse.plainText(ofHTML: bytes, keepingUnknownTags: true) : collapsed(bytes)
    }
  }

  /// Whether it is HTML that shows nothing; a long one is not looked at.
  var isBlank: Bool {
    guard isHTML, bytes.count <= 256, plainText.isEmpty else { return false }
    let shown: [StaticString] = [
      "<img", "<picture", "<audio", "<video", "<iframe", "<embed", "<object", "<svg", "<math",
      "<script",
    ]
    return !shown.contains { Bytes.find($0, in: bytes.span, 0..<bytes.count) != nil }
  }

  /// Whether the text is to be shown as HTML.
  var isHTML: Bool {
    switch kind {
    case .plain, .plainBase64: false
    case .html, .markup: true
    case .guess, .base64: looksLikeHTML(bytes)
    }
  }
}

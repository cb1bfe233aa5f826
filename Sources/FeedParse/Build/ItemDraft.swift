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
  var metTags = MetTexts()
  var metFiles = MetTexts()
  var metAuthors = MetTexts()
  var guidIsLink = false
  var duration: Int64?

  /// Puts the item together, but for its relative URLs.
  func finished() -> (item: FeedItem, body: Body?) {
    var item = item
    item.title = title.value
    item.image = image.value
    item.published = published.value
    item.modified = modified.value
    item.url = link.value
    if item.url == nil, guidIsLink { item.url = item.guid }
    if let duration,
      let place = item.attachments.firstIndex(where: {
        $0.durationInSeconds == nil && $0.mimeType?.hasPrefix("image/") != true
      })
    {
      item.attachments[place].durationInSeconds = duration
    }
    // The only text there is, is the body, whatever it is called.
    guard let body = content.value else { return (item, summary.value) }
    if let summary = summary.value, summary.bytes != body.bytes {
      let text = summary.plainText
      item.summary = text.isEmpty ? nil : text
    }
    return (item, body)
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

  /// Whether the text is to be shown as HTML.
  var isHTML: Bool {
    switch kind {
    case .plain, .plainBase64: false
    case .html, .markup: true
    case .guess, .base64: looksLikeHTML(bytes)
    }
  }
}

public import FeedModel

extension FeedItem {
  /// Writes this item as a JSON Feed 1.1 item.
  ///
  /// - Parameters:
  ///   - json: Where to write.
  ///   - id: What stands as `id` when the item has no guid; JSON Feed asks for one.
  ///   - further: Writes members of its own at the end.
  public func write(
    to json: inout JSONWriter,
    fallbackID id: String,
    further: (inout JSONWriter) -> Void = { _ in }
  ) {
    json.beginObject()
    json.member("id", guid ?? id)
    json.member("url", url)
    json.member("external_url", externalURL)
    json.member("title", title)
    json.member("content_html", contentHTML)
    json.member("content_text", contentText)
    json.member("summary", summary)
    json.member("image", image)
    json.member("date_published", published?.description)
    json.member("date_modified", modified?.description)
    json.members("authors", authors) { author, json in author.write(to: &json) }
    json.member("tags", tags)
    json.member("language", language)
    json.members("attachments", attachments) { attachment, json in attachment.write(to: &json) }
    let facts = facts
    if commentsURL != nil || facts != nil {
      json.key("_rill")
      json.beginObject()
      json.member("comments_url", commentsURL)
      facts?.writeMembers(to: &json)
      json.endObject()
    }
    further(&json)
    json.endObject()
  }

  /// Reads an item that `write(to:fallbackID:)` wrote.
  ///
  /// Members that are not known are passed over.
  public init(from json: inout JSONReader) throws(JSONError) {
    self.init()
    var item = FeedItem()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "id": item.guid = try json.string()
      case "url": item.url = try json.string()
      case "external_url": item.externalURL = try json.string()
      case "title": item.title = try json.string()
      case "content_html": item.contentHTML = try json.string()
      case "content_text": item.contentText = try json.string()
      case "summary": item.summary = try json.string()
      case "image": item.image = try json.string()
      case "date_published": item.published = Timestamp(rfc3339: try json.string())
      case "date_modified": item.modified = Timestamp(rfc3339: try json.string())
      case "authors":
        item.authors = try json.elements { json throws(JSONError) in try Author(from: &json) }
      case "tags": item.tags = try json.strings()
      case "language": item.language = try json.string()
      case "attachments":
        item.attachments = try json.elements { json throws(JSONError) in
          try Attachment(from: &json)
        }
      case "_rill":
        var facts = ItemFacts()
        try json.object { name, json throws(JSONError) in
          if name == "comments_url" {
            item.commentsURL = try json.string()
          } else {
            try facts.readMember(name, from: &json)
          }
        }
        item.facts = facts
      default: try json.skip()
      }
    }
    self = item
  }
}

extension Author {
  /// Writes this author as a JSON Feed 1.1 author.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("name", name)
    json.member("url", url)
    json.member("avatar", avatar)
    json.endObject()
  }

  init(from json: inout JSONReader) throws(JSONError) {
    var author = Author()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "name": author.name = try json.string()
      case "url": author.url = try json.string()
      case "avatar": author.avatar = try json.string()
      default: try json.skip()
      }
    }
    self = author
  }
}

extension Attachment {
  /// Writes this file as a JSON Feed 1.1 attachment.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("url", url)
    json.member("mime_type", mimeType)
    json.member("title", title)
    json.member("size_in_bytes", sizeInBytes)
    json.member("duration_in_seconds", durationInSeconds)
    json.endObject()
  }

  init(from json: inout JSONReader) throws(JSONError) {
    var attachment = Attachment(url: "")
    try json.object { name, json throws(JSONError) in
      switch name {
      case "url": attachment.url = try json.string()
      case "mime_type": attachment.mimeType = try json.string()
      case "title": attachment.title = try json.string()
      case "size_in_bytes": attachment.sizeInBytes = try json.integer()
      case "duration_in_seconds": attachment.durationInSeconds = try json.integer()
      default: try json.skip()
      }
    }
    self = attachment
  }
}

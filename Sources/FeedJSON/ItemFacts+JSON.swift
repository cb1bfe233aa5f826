import FeedModel

extension ItemFacts {
  /// Writes the members of an item's `_rill`.
  func writeMembers(to json: inout JSONWriter) {
    json.member("comments_count", commentsCount)
    json.member("comments_feed_url", commentsFeedURL)
    json.members("in_reply_to", inReplyTo) { item, json in item.write(to: &json) }
    json.member("rights", rights)
    json.member("licenses", licenses)
    json.member("source", source) { source, json in source.write(to: &json) }
    json.members("contributors", contributors) { author, json in author.write(to: &json) }
    json.member("place", place) { place, json in place.write(to: &json) }
    json.member("media", media) { media, json in media.write(to: &json) }
    json.member("episode", episode) { episode, json in episode.write(to: &json) }
  }

  /// Reads one member of an item's `_rill`, or passes over it.
  mutating func readMember(_ name: String, from json: inout JSONReader) throws(JSONError) {
    switch name {
    case "comments_count": commentsCount = try json.count()
    case "comments_feed_url": commentsFeedURL = try json.string()
    case "in_reply_to":
      inReplyTo = try json.elements { json throws(JSONError) in try RepliedItem(from: &json) }
    case "rights": rights = try json.string()
    case "licenses": licenses = try json.strings()
    case "source": source = try ItemSource(from: &json)
    case "contributors":
      contributors = try json.elements { json throws(JSONError) in try Author(from: &json) }
    case "place": place = try Place.read(from: &json)
    case "media": media = try Media(from: &json)
    case "episode": episode = try Episode(from: &json)
    default: try json.skip()
    }
  }
}

extension ItemSource {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("title", title)
    json.member("url", url)
    json.member("feed_url", feedURL)
    json.member("id", id)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var source = ItemSource()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "title": source.title = try json.string()
      case "url": source.url = try json.string()
      case "feed_url": source.feedURL = try json.string()
      case "id": source.id = try json.string()
      default: try json.skip()
      }
    }
    self = source
  }
}

extension RepliedItem {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("id", id)
    json.member("url", url)
    json.endObject()
  }

  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var item = RepliedItem()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "id": item.id = try json.string()
      case "url": item.url = try json.string()
      default: try json.skip()
      }
    }
    self = item
  }
}

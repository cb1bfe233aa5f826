public import FeedModel

extension ParsedFeed {
  /// Writes this feed as one JSON Feed 1.1 object.
  ///
  /// `_rill` holds what JSON Feed has no name for: the format, the schedule, the facts and the
  /// issues. Documentation/Format.md has a table of its members. An item without a guid gets its link
  /// as `id`, or else its place in the document.
  ///
  /// - Parameters:
  ///   - json: Where to write.
  ///   - afterItem: Called after each item, so that a large feed need not stand in memory twice.
  public func writeJSONFeed(
    to json: inout JSONWriter,
    afterItem: (inout JSONWriter) -> Void = { _ in }
  ) {
    json.beginObject()
    json.member("version", "https://jsonfeed.org/version/1.1")
    json.member("title", title ?? "")
    json.member("home_page_url", homePageURL)
    json.member("feed_url", feedURL)
    json.member("description", description)
    json.member("icon", icon)
    json.member("favicon", favicon)
    json.members("authors", authors) { author, json in author.write(to: &json) }
    json.member("language", language)
    json.members("hubs", hubs) { hub, json in
      json.beginObject()
      json.member("type", "WebSub")
      json.member("url", hub)
      json.endObject()
    }
    json.key("items")
    json.beginArray()
    for (index, item) in items.enumerated() {
      item.write(to: &json, fallbackID: item.url ?? "#\(index + 1)")
      afterItem(&json)
    }
    json.endArray()
    json.key("_rill")
    writeExtension(to: &json)
    json.endObject()
  }

  private func writeExtension(to json: inout JSONWriter) {
    json.beginObject()
    json.member("format", format.rawValue)
    json.member("truncated", isTruncated ? true : nil)
    json.member("ttl_minutes", schedule.ttlMinutes)
    json.members("skip_hours", schedule.skipHours) { hour, json in json.value(hour) }
    json.members("skip_days", schedule.skipDays) { day, json in json.value(day) }
    json.member("update_seconds", schedule.updateSeconds)
    json.member("update_base", schedule.updateBase?.description)
    json.member("expired", schedule.isOver ? true : nil)
    facts.writeMembers(to: &json)
    json.members("issues", issues) { issue, json in
      json.beginObject()
      json.member("kind", issue.kind.rawValue)
      json.member("line", issue.line)
      json.member("detail", issue.detail)
      json.endObject()
    }
    json.endObject()
  }
}

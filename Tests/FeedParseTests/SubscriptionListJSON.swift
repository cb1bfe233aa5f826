import FeedJSON
import FeedModel
import FeedParse

/// What comes of a list of subscriptions, as JSON: the list, or an object with the error's sentence.
func listOutcome(of document: [UInt8]) -> [UInt8] {
  var json = JSONWriter()
  json.beginObject()
  do {
    try parseSubscriptions(document).write(to: &json)
  } catch {
    json.member("error", error.description)
  }
  json.endObject()
  return json.bytes
}

extension SubscriptionList {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("version", version)
    json.member("title", title)
    json.member("created", created?.description)
    json.member("modified", modified?.description)
    if let owner {
      json.key("owner")
      owner.write(to: &json)
    }
    json.members("feeds", feeds) { feed, json in feed.write(to: &json) }
    json.member("duplicates", duplicates == 0 ? nil : duplicates)
    json.members("issues", issues) { issue, json in
      json.beginObject()
      json.member("kind", issue.kind.rawValue)
      json.member("line", issue.line)
      json.member("detail", issue.detail)
      json.endObject()
    }
    json.member("truncated", isTruncated ? true : nil)
  }
}

extension ListedFeed {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("line", line)
    json.member("url", url)
    json.member("userinfo", userinfo)
    json.member("title", title)
    json.member("site", siteURL)
    json.member("description", description)
    json.member("language", language)
    json.member("type", type)
    json.member("version", version)
    json.member("categories", categories)
    json.members("folders", folders) { path, json in
      json.beginArray()
      for name in path { json.value(name) }
      json.endArray()
    }
    if let state {
      json.member("state id", state.id.description)
      json.member("state tags", state.tags ?? [])
      json.member("state registers", state.registers.keys.sorted())
    }
    json.endObject()
  }
}

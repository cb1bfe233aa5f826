import FeedModel

extension FeedFacts {
  /// Writes the members of a feed's `_rill`.
  func writeMembers(to json: inout JSONWriter) {
    json.member("date_modified", updated?.description)
    json.member("generator", generator) { generator, json in
      json.beginObject()
      json.member("name", generator.name)
      json.member("url", generator.url)
      json.member("version", generator.version)
      json.endObject()
    }
    json.member("rights", rights)
    json.member("licenses", licenses)
    json.member("tags", tags)
    json.members("contributors", contributors) { author, json in author.write(to: &json) }
    json.member("web_master", webMaster) { author, json in author.write(to: &json) }
    json.member("place", place) { place, json in place.write(to: &json) }
    json.member("next_url", nextURL)
    json.member("podcast", podcast) { podcast, json in podcast.write(to: &json) }
  }
}

extension Podcast {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("guid", guid)
    json.member("kind", kind?.rawValue)
    json.member("medium", medium)
    json.member("explicit", isExplicit)
    json.member("blocked", isBlocked)
    json.member("complete", isComplete)
    json.member("locked", isLocked)
    json.member("owner", owner) { owner, json in owner.write(to: &json) }
    json.members("categories", categories) { category, json in
      json.beginObject()
      json.member("name", category.name)
      json.member("subcategories", category.subcategories)
      json.endObject()
    }
    json.member("new_feed_url", newFeedURL)
    json.members("funding", funding) { funding, json in
      json.beginObject()
      json.member("url", funding.url)
      json.member("title", funding.title)
      json.endObject()
    }
    json.members("people", people) { person, json in person.write(to: &json) }
    json.endObject()
  }
}

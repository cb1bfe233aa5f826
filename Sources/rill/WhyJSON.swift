import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

extension Explanation {
  /// Each event as one object, then what was not believed, then what holds now.
  var jsonLines: [[UInt8]] {
    events.map(json) + disbelieved.map(json) + [presentJSON]
  }

  private var id: String {
    switch subject {
    case .article(let keys): keys.first?.description ?? ""
    case .feed(let id): id.description
    }
  }

  private func object(_ event: String, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", id)
    json.member("event", event)
    body(&json)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }

  private func json(_ event: ExplainedEvent) -> [UInt8] {
    let words = WhyWords(event: event, subject: subject, sources: sources, rules: rules)
    return object(kind(of: event)) { json in
      json.member("at", event.at.rfc3339(milliseconds: true))
      json.member("device", event.device.id)
      json.member("device_name", event.device.name)
      json.member("words", words.head)
      json.member("details", words.details)
      json.member("segment", event.place.segment)
      json.member("offset", event.place.offset)
      json.member("by_hand", event.isByHand ? true : nil)
      json.member("taken_over_by", event.takenOverBy?.id)
      json.member("claims_this_machine", event.isClaim ? true : nil)
      switch event.deed {
      case .revision(let revision): write(revision, to: &json)
      case .write(let write): self.write(write, to: &json)
      case .notUnderstood(let operation): json.member("operation", operation)
      }
    }
  }

  private func kind(of event: ExplainedEvent) -> String {
    switch event.deed {
    case .revision: return "revision"
    case .notUnderstood: return "not_understood"
    case .write:
      if case .feed = subject { return "setting" }
      return "mark"
    }
  }

  private func write(_ revision: ExplainedRevision, to json: inout JSONWriter) {
    json.key("feed")
    json.beginObject()
    json.member("id", revision.feed.description)
    json.member("title", revision.feedRow?.title)
    json.member("url", revision.feedRow?.url)
    json.endObject()
    json.member("title", revision.title)
    json.member("url", revision.url)
    json.member("rule", revision.rule.rawValue)
    json.key("keys")
    json.beginArray()
    for key in revision.keys {
      json.beginObject()
      json.member("key", key.description)
      json.member("of", sources[key]?.kind.rawValue)
      json.member("value", sources[key]?.value)
      json.member("new", revision.newKeys.contains(key))
      json.endObject()
    }
    json.endArray()
    json.member("hash", revision.hash)
    json.member("changed", revision.isChanged)
    json.member("minor", revision.isMinor ? true : nil)
    json.member("belongs_to", revision.other?.description)
    json.member("purged", revision.isPurged ? true : nil)
    json.member("returns_to", revision.returnsTo?.rfc3339(milliseconds: true))
    json.member("earlier", revision.earlier?.rfc3339(milliseconds: true))
    json.key("evidence")
    json.beginArray()
    for fact in revision.evidence?.facts ?? [] {
      json.beginObject()
      json.member("of", fact.kind.rawValue)
      json.member("is", fact.comparison.rawValue)
      json.member("earlier", fact.earlier)
      json.member("later", fact.later)
      json.member("percent", fact.percent)
      json.endObject()
    }
    json.endArray()
    json.key("changes")
    json.beginArray()
    for change in revision.changes {
      json.beginObject()
      json.member("of", change.part.rawValue)
      json.member("before", change.before)
      json.member("after", change.after)
      if change.part == .text || change.part == .summary {
        json.member("added_words", change.addedWords)
        json.member("removed_words", change.removedWords)
        json.member("words", change.words)
      }
      json.endObject()
    }
    json.endArray()
  }

  private func write(_ write: ExplainedWrite, to json: inout JSONWriter) {
    json.member("register", write.register)
    json.member("by_rule", write.rule?.description)
    switch write.value {
    case .none: break
    case .bool(let flag): json.member("value", flag)
    case .integer(let number): json.member("value", number)
    case .string(let text): json.member("value", text)
    }
    json.member("count", write.count)
    if !write.keys.isEmpty { json.member("of_keys", write.keys.map(\.description)) }
    json.member("act", write.act?.id.description)
    json.member("undoes", write.undoes?.id.description)
    json.member("undone_by", write.undoneBy?.id.description)
    json.member("holds", write.holds)
    json.member("beaten_at", write.beatenAt?.rfc3339(milliseconds: true))
    json.member("beaten_by", write.beatenBy?.id)
  }

  private func json(_ damage: Library.Damage) -> [UInt8] {
    object("disbelieved") { json in
      json.member("reason", damage.reason)
      json.member("segment", damage.segment)
      json.member("offset", damage.offset)
    }
  }

  private var presentJSON: [UInt8] {
    object("now") { json in
      json.member("words", presentWords.joined(separator: " "))
      if let feed {
        json.key("feed")
        json.beginObject()
        json.member("id", feed.id.description)
        json.member("title", feed.title)
        json.member("url", feed.url)
        json.member("subscribed", feed.isSubscribed)
        json.endObject()
      }
      guard case .article(let keys) = subject, let present else { return }
      json.member("title", title)
      json.member("read", present.marks.isRead ?? false)
      json.member("starred", present.marks.isStarred ?? false)
      json.member("tags", present.marks.tags ?? [])
      json.member("gone", present.marks.isGone ?? false)
      json.member("hidden", present.marks.isHidden ?? false)
      json.member("received", present.received.map { shown($0) })
      json.member("revisions", present.revisions)
      json.member("text", present.text.rawValue)
      json.member("keys", keys.map(\.description))
      json.member("unexplained", present.unexplained)
      json.copies(present.copies)
    }
  }
}

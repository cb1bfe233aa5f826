import FeedJSON
import FeedModel
import FeedSync

extension ArticleEdit {
  /// The edit as one object on a line.
  func jsonLine(id: ArticleID) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", id.description)
    json.member("at", at.rfc3339(milliseconds: true))
    json.member("device", device.id)
    json.member("device_name", device.name)
    json.member("earlier", earlier.rfc3339(milliseconds: true))
    json.key("changes")
    json.beginArray()
    for part in parts {
      json.beginObject()
      json.member("part", part.part.rawValue)
      json.member("before", part.before)
      json.member("after", part.after)
      json.key("runs")
      json.beginArray()
      for run in part.runs {
        json.beginObject()
        json.member("kind", run.kind.rawValue)
        let isOfWords = [.title, .text, .summary].contains(part.part)
        json.member("text", isOfWords ? line(of: run.words) : run.words.joined(separator: ", "))
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

import FeedJSON
import FeedModel

/// The bytes of a feed.
struct WrittenDocument {
  /// How it is written.
  enum Format {
    case rss
    case atom
    case json
  }

  var title: String
  var home: String
  var format: Format
  var entries: [Entry]

  var bytes: [UInt8] {
    switch format {
    case .rss: Array(rss.utf8)
    case .atom: Array(atom.utf8)
    case .json: json
    }
  }

  private var rss: String {
    var text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>"
      + "<title>\(escaped(title))</title><link>\(escaped(home))</link>\n"
    for entry in entries {
      text += "<item>"
      if let title = entry.title { text += "<title>\(escaped(title))</title>" }
      if let link = entry.link { text += "<link>\(escaped(link))</link>" }
      if let guid = entry.guid {
        text += "<guid isPermaLink=\"\(entry.isPermalink)\">\(escaped(guid))</guid>"
      }
      if let date = entry.date { text += "<pubDate>\(rfc822(date))</pubDate>" }
      text += "<category>\(escaped(entry.essay.tag))</category>"
      if let html = entry.html { text += "<description>\(escaped(html))</description>" }
      if let file = entry.file {
        text += "<enclosure url=\"\(escaped(file))\" length=\"1000\" type=\"audio/mpeg\"/>"
      }
      text += "</item>\n"
    }
    return text + "</channel></rss>\n"
  }

  private var atom: String {
    var text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">"
      + "<title>\(escaped(title))</title><link href=\"\(escaped(home))\"/>\n"
    for entry in entries {
      text += "<entry>"
      if let title = entry.title { text += "<title>\(escaped(title))</title>" }
      if let link = entry.link { text += "<link href=\"\(escaped(link))\"/>" }
      if let guid = entry.guid { text += "<id>\(escaped(guid))</id>" }
      if let date = entry.date {
        let date = Timestamp(seconds: date).description
        text += "<published>\(date)</published><updated>\(date)</updated>"
      }
      text += "<category term=\"\(escaped(entry.essay.tag))\"/>"
      if let html = entry.html { text += "<content type=\"html\">\(escaped(html))</content>" }
      if let file = entry.file {
        text += "<link rel=\"enclosure\" href=\"\(escaped(file))\" type=\"audio/mpeg\"/>"
      }
      text += "</entry>\n"
    }
    return text + "</feed>\n"
  }

  private var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("version", "https://jsonfeed.org/version/1.1")
    json.member("title", title)
    json.member("home_page_url", home)
    json.key("items")
    json.beginArray()
    for entry in entries {
      json.beginObject()
      json.member("id", entry.guid)
      json.member("url", entry.link)
      json.member("title", entry.title)
      json.member("content_html", entry.html)
      json.member("date_published", entry.date.map { Timestamp(seconds: $0).description })
      json.member("tags", [entry.essay.tag])
      if let file = entry.file {
        json.key("attachments")
        json.beginArray()
        json.beginObject()
        json.member("url", file)
        json.member("mime_type", "audio/mpeg")
        json.endObject()
        json.endArray()
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}

private func escaped(_ text: String) -> String {
  var escaped = ""
  for character in text.unicodeScalars {
    switch character {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    default: escaped.unicodeScalars.append(character)
    }
  }
  return escaped
}

/// A date as RSS writes it; the day of the week is left out, as RFC 822 §5 allows.
private func rfc822(_ seconds: Int64) -> String {
  let text = Timestamp(seconds: seconds).description
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  let parts = text.split { "-T:Z".contains($0) }.map(String.init)
  guard parts.count >= 6, let month = Int(parts[1]) else { return text }
  return "\(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
}

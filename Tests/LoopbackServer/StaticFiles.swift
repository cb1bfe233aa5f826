public import FeedModel

/// Answers with the files of one directory, as a plain web server would.
public struct StaticFiles: Sendable {
  private let root: String

  /// Serves a directory; nil when there is none.
  public init?(directory: String) {
    guard let root = realPath(directory) else { return nil }
    self.root = root
  }

  /// Answers one request: 200 with `ETag` and `Last-Modified`, 304, 404 or 405.
  public func answer(_ request: ServedRequest) -> Answer {
    guard request.method == "GET" || request.method == "HEAD" else {
      return .response(405, [("Allow", "GET, HEAD")], text: "Only GET and HEAD.\n")
    }
    guard let path = filePath(request.path), let file = ServedFile(path: path) else {
      return .response(404, [("Content-Type", "text/plain")], text: "There is no such file.\n")
    }
    let stamp = UInt64(
      bitPattern: file.modifiedSeconds &* 1_000_000_000 &+ file.modifiedNanoseconds
    )
    let etag = "\"\(String(stamp, radix: 16))-\(String(file.bytes.count, radix: 16))\""
    let modified = httpDate(Timestamp(seconds: file.modifiedSeconds))
    let fields = [("ETag", etag), ("Last-Modified", modified)]
    // RFC 9110 §13.2.2: the date counts only when no entity tag is named.
    let isKnown =
      if let known = request.field("If-None-Match") {
        known == "*" || known.split(separator: ",").contains { $0.filter { $0 != " " } == etag }
      } else {
        request.field("If-Modified-Since") == modified
      }
    if isKnown { return .response(304, fields, body: []) }
    return .response(
      200,
      fields + [("Content-Type", Self.contentType(path))],
      body: file.bytes
    )
  }

  /// The file that a path names; nil when it leads out of the directory or to nothing.
  private func filePath(_ path: String) -> String? {
    guard let decoded = percentDecoded(path), decoded.hasPrefix("/"), !decoded.utf8.contains(0)
    else { return nil }
    let name = decoded.hasSuffix("/") ? decoded + "index.html" : decoded
    // A symbolic link may lead anywhere: what counts is where the path ends.
    guard let real = realPath(root + name), real.hasPrefix(root == "/" ? "/" : root + "/") else {
      return nil
    }
    return real
  }

  private func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func contentType(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return switch name.split(separator: ".").last.map({ $0.lowercased() }) {
    case "rss": "application/rss+xml"
    case "atom": "application/atom+xml"
    case "rdf": "application/rdf+xml"
    case "xml", "opml": "application/xml"
    case "json": name.contains("feed") ? "application/feed+json" : "application/json"
    case "html", "htm": "text/html; charset=utf-8"
    case "txt", "md": "text/plain; charset=utf-8"
    case "css": "text/css"
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "gif": "image/gif"
    case "svg": "image/svg+xml"
    case "gz": "application/gzip"
    default: "application/octet-stream"
    }
  }
}

/// A date as HTTP writes it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
public func httpDate(_ moment: Timestamp) -> String {
  let date = CivilDate(moment)
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  let year = String(repeating: "0", count: max(0, 4 - "\(date.year)".count)) + "\(date.year)"
  return "\(days[date.weekday]), \(two(date.day)) \(months[date.month - 1]) \(year) "
    + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)) GMT"
}

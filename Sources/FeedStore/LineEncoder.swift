import FeedJSON
import FeedModel

/// Writes lines of the store, one after the other (Documentation/Format.md, "Lines").
///
/// Each is one JSON object whose last member is `sum`, the CRC-32 of all bytes before
/// `,"sum":"xxxxxxxx"}`.
struct LineEncoder {
  /// How long a line may be: no reader takes a longer one.
  static let lineBytesMax = 64 << 20
  /// How many ids one `set` line holds at most.
  static let idsMax = 1000
  /// The format that these lines have.
  static let format = 1

  private var json = JSONWriter()
  private var last = (at: Timestamp.earliest, text: Timestamp.earliest.rfc3339(milliseconds: true))

  /// Makes room for some lines, so that the buffer is not copied as it grows.
  mutating func reserve(for lines: ArraySlice<PendingLine>, atMost most: Int) {
    var count = 4096
    for line in lines where count < most {
      count += 1024
      guard case .article(let article) = line.operation else { continue }
      // Quotes of attributes take a second byte.
      let body = (article.item.contentHTML ?? article.item.contentText ?? "").utf8.count
      count += body + body / 16
    }
    json.reserve(min(count, most))
  }

  /// The lines so far, each with its line feed.
  var bytes: [UInt8] { json.bytes }

  /// Writes one line.
  ///
  /// - Parameters:
  ///   - line: Its time and what it says; `set` with at most `idsMax` ids.
  ///   - number: Its place in the sequence of the device.
  ///   - device: The device that writes; `open` names it.
  ///   - act: The act that it is a part of.
  /// - Returns: The sum of the line.
  /// - Throws: `lineTooLong`; nothing is written then.
  mutating func add(
    _ line: PendingLine,
    number: Int,
    device: String,
    act: LineAct? = nil
  ) throws(StoreError) -> UInt32 {
    let start = json.bytes.count
    json.beginObject()
    json.member("n", number)
    // Lines of one batch have one time.
    if line.at != last.at { last = (line.at, line.at.rfc3339(milliseconds: true)) }
    json.member("at", last.text)
    json.member("by", line.writtenBy)
    if let verbatim = line.verbatim {
      json.rawValue(verbatim)
    } else if let act {
      // A number says it all where the line's own device began the act.
      if act.id.device == line.writtenBy ?? device {
        json.member("act", act.id.number)
      } else {
        json.member("act", act.id.description)
      }
      json.member("undo", act.undoes?.description)
    }
    if line.verbatim == nil { write(line.operation, device: device) }
    let length = json.bytes.count - start
    guard length < Self.lineBytesMax - 64 else { throw .lineTooLong(bytes: length) }
    let sum = CRC32.sum(of: json.bytes, in: start..<json.bytes.count)
    json.member("sum", hexadecimal(sum, digits: 8))
    json.endObject()
    json.raw(0x0A)
    return sum
  }

  private mutating func write(_ operation: StoreOperation, device: String) {
    switch operation {
    case .open(let format, let segment):
      json.member("op", "open")
      json.member("fmt", format)
      json.member("dev", device)
      json.member("seg", segment)
    case .feed(let feed, let key, let value):
      json.member("op", "feed")
      json.key("feed")
      json.value(feed.hash)
      json.member("key", key)
      write(value)
    case .set(let key, let value, let ids):
      json.member("op", "set")
      json.member("key", key)
      write(value)
      json.key("ids")
      json.beginArray()
      for id in ids { json.value(id.hash) }
      json.endArray()
    case .article(let article):
      json.member("op", "art")
      json.key("feed")
      json.value(article.feed.hash)
      json.members("keys", article.keys) { key, json in json.value(key.hash) }
      json.member("rule", article.rule.rawValue)
      json.member("hash", article.contentHash)
      json.member("minor", article.isMinor ? true : nil)
      json.member("was", article.formerHashes)
      json.key("item")
      // JSON Feed wants an id in each item; the article's own stands in for a guid that is not
      // there, and `LineDecoder` takes it away again.
      article.item.write(to: &json, fallbackID: article.id.description)
    case .unknown: preconditionFailure("What is not known here cannot be written.")
    }
  }

  private mutating func write(_ value: RegisterValue) {
    json.key("val")
    switch value {
    case .none: json.null()
    case .bool(let flag): json.value(flag)
    case .integer(let number): json.value(number)
    case .string(let text): json.value(text)
    }
  }
}

/// Makes of each operation as many lines as it needs.
///
/// A `set` of many ids becomes several lines, one of no ids becomes none.
func split(_ lines: [PendingLine]) -> [PendingLine] {
  let isSplit = lines.allSatisfy { line in
    guard case .set(_, _, let ids) = line.operation else { return true }
    return (1...LineEncoder.idsMax).contains(ids.count)
  }
  if isSplit { return lines }
  var result: [PendingLine] = []
  result.reserveCapacity(lines.count)
  for line in lines {
    guard case .set(let key, let value, let ids) = line.operation, ids.count != 1 else {
      result.append(line)
      continue
    }
    var rest = ids[...]
    while !rest.isEmpty {
      var part = line
      part.operation = .set(key: key, value: value, ids: Array(rest.prefix(LineEncoder.idsMax)))
      result.append(part)
      rest = rest.dropFirst(LineEncoder.idsMax)
    }
  }
  return result
}

import FeedModel
import FeedParse

// bench-parse LIST PASSES [lifted|whole CHUNK-BYTES]
//
// Parses the documents whose paths stand in LIST, one a line, to finished articles. All are read
// into memory first. One pass is counted and not timed; PASSES more are timed and not counted.
// libxml2 gets the frame of a document, or the whole of it, in pieces of CHUNK-BYTES.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let passes = Int(arguments[2]) else {
  leave(64, saying: "usage: bench-parse LIST PASSES [lifted|whole CHUNK-BYTES]")
}
let chunkBytes = arguments.count > 4 ? Int(arguments[4]) : nil
guard let list = contents(of: arguments[1]) else {
  leave(74, saying: "\(arguments[1]) cannot be read")
}
let documents = list.split(separator: UInt8(ascii: "\n"))
  .map { line in
    let path = String(decoding: line, as: UTF8.self)
    guard let document = contents(of: path) else { leave(74, saying: "\(path) cannot be read") }
    return document
  }

/// Where the documents come from, as far as the parser is told.
let base = "http://example.org/"

/// Parses as `rill` does, or in pieces of another size.
func feed(_ document: [UInt8]) throws(ParseError) -> ParsedFeed {
  guard let chunkBytes else { return try parse(document, baseURL: base, contentType: nil) }
  return try parse(
    document,
    baseURL: base,
    contentType: nil,
    liftsText: arguments[3] != "whole",
    chunkBytes: max(1, chunkBytes)
  )
}

/// The bytes of what a reader of feeds shows or compares; dates are not text here.
func textBytes(_ item: FeedItem) -> Int {
  let texts = [
    item.title, item.url, item.guid, item.contentHTML, item.contentText, item.summary,
  ]
  return texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
}

var items = 0
var text = 0
for (index, document) in documents.enumerated() {
  do {
    let feed = try feed(document)
    items += feed.items.count
    text += feed.items.reduce(0) { $0 + textBytes($1) }
  } catch {
    print("unread", index + 1)
  }
}
for _ in 0..<passes {
  let cpu = threadSeconds()
  let wall = wallSeconds()
  var found = 0
  for document in documents {
    // A document that is no feed takes its time too; it was named above.
    found += (try? feed(document).items.count) ?? 0
  }
  print("pass", threadSeconds() - cpu, wallSeconds() - wall)
  precondition(found == items, "The same bytes gave another number of items.")
}
print("bytes", documents.reduce(0) { $0 + $1.count })
print("items", items)
print("text", text)
print("peak", peakKilobytes())

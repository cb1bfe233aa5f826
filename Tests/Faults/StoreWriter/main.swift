// Writes to a store and says what was acknowledged, for the scripts beside this directory.
//
//   store-writer append HOME NAME COUNT     COUNT marks and as many articles; prints "ACK NAME-i"
//   store-writer check HOME                 reads the store, and the acknowledgements from stdin
//   store-writer encode HOME COUNT          COUNT articles of 2.5 KB in batches, with figures
//   store-writer decode HOME                reads every line, with figures
//   store-writer fill HOME                  writes what a compaction has to do with
//   store-writer compact HOME DAY           compacts so many days later
//   store-writer state HOME                 prints all that the store says
//
// Exit status: 0 well, 1 something acknowledged is missing, 64 usage, 74 the store's error.

import FeedModel
import FeedStore
import Glibc

/// The moment of all lines: nothing here depends on a clock.
let moment = Timestamp(seconds: 1_795_000_000)

func say(_ text: String, to descriptor: Int32 = 1) {
  let bytes = Array("\(text)\n".utf8)
  _ = unsafe write(descriptor, bytes, bytes.count)
}

func nanoseconds() -> Int {
  var now = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &now)
  return now.tv_sec * 1_000_000_000 + now.tv_nsec
}

func id(_ number: Int) -> ArticleID {
  ArticleID(HashID(digest: (0..<20).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }))
}

func article(_ number: Int, bytes: Int) -> PendingLine {
  let paragraph = """
    <p class="lead">Some text with <a href="https://blog.example/?p=\(number)">a link</a>, \
    a quotation \u{201C}like this\u{201D}, and more text to fill the line as feeds do.</p>

    """
  var item = FeedItem()
  item.guid = "https://blog.example/?p=\(number)"
  item.url = "https://blog.example/\(number)"
  item.title = "Article \(number) of a blog that never ends"
  item.published = moment
  item.authors = [Author(name: "Ann")]
  item.tags = ["news", "test"]
  item.contentHTML = String(repeating: paragraph, count: bytes / paragraph.utf8.count)
  let feed = FeedID(HashID(digest: [UInt8](repeating: 7, count: 20)))
  let article = Article(
    feed: feed,
    keys: [id(2 * number), id(2 * number + 1)],
    rule: .new,
    contentHash: "5f0c9a2be17d",
    item: item
  )
  return PendingLine(at: moment, operation: .article(article))
}

func append(_ store: Store, name: String, count: Int) throws(StoreError) {
  let start = nanoseconds()
  for number in 0..<count {
    let key = "tag:\(name)-\(number)"
    let mark = StoreOperation.set(key: key, value: .bool(true), ids: [id(number)])
    var lines = [PendingLine(at: moment, operation: mark)]
    if number % 4 == 3 { lines.append(article(number, bytes: 300)) }
    try store.append(lines, now: moment)
    say("ACK \(name)-\(number)")
  }
  say("\((nanoseconds() - start) / max(1, count) / 1000) µs an append", to: 2)
}

func check(_ store: Store) throws(StoreError) -> Bool {
  var found: Set<String> = []
  var damage = 0
  var unfinished = 0
  var numbers: [String: [Int]] = [:]
  for segment in try store.segments() {
    let reading = try store.read(segment, after: nil)
    for line in reading.lines {
      numbers["\(segment.device)/\(segment.kind)", default: []].append(line.event.number)
      if case .set(let key, _, _) = line.event.operation { found.insert(String(key.dropFirst(4))) }
    }
    damage += reading.damage.count
    if reading.cursor.offset < segment.sizeInBytes { unfinished += 1 }
  }
  let gaps = numbers.values.filter { $0 != Array(1...max(1, $0.count)) }.count
  var acknowledged = 0
  var missing = 0
  while let line = readLine() {
    guard line.hasPrefix("ACK ") else { continue }
    acknowledged += 1
    if !found.contains(String(line.dropFirst(4))) {
      missing += 1
      say("missing: \(line)")
    }
  }
  let devices = Set(try store.segments().map { $0.device }).count
  say(
    "acknowledged \(acknowledged), missing \(missing), found \(found.count), devices \(devices), "
      + "damaged lines \(damage), unfinished ends \(unfinished), sequences with gaps \(gaps)"
  )
  return missing == 0 && gaps == 0
}

func encode(_ store: Store, count: Int) throws(StoreError) {
  var spent = 0
  for batch in 0..<max(1, count / 500) {
    let lines = (0..<500).map { article(batch * 500 + $0, bytes: 2200) }
    let start = nanoseconds()
    try store.append(lines, now: moment)
    spent += nanoseconds() - start
  }
  let bytes = try store.segments().reduce(0) { $0 + $1.sizeInBytes }
  say("wrote \(bytes) bytes, \(bytes * 1000 / max(1, spent)) MB/s with the disk")
}

func decode(_ store: Store) throws(StoreError) {
  for _ in 0..<3 {
    var bytes = 0
    var lines = 0
    let start = nanoseconds()
    for segment in try store.segments() {
      let reading = try store.read(segment, after: nil)
      bytes += reading.cursor.offset
      lines += reading.lines.count
    }
    let spent = nanoseconds() - start
    say("read \(lines) lines, \(bytes) bytes, \(bytes * 1000 / max(1, spent)) MB/s")
  }
}

// A file size limit is an error like any other.
signal(SIGXFSZ, SIG_IGN)
let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
  say("usage: store-writer append|check|encode|decode|fill|compact|state HOME …", to: 2)
  exit(64)
}
do throws(StoreError) {
  let home = arguments[2]
  let store = try Store.open(directory: "\(home)/store", stateDirectory: "\(home)/state")
  switch (arguments[1], arguments.count) {
  case ("append", 5): try append(store, name: arguments[3], count: Int(arguments[4]) ?? 0)
  case ("check", 3): exit(try check(store) ? 0 : 1)
  case ("encode", 4): try encode(store, count: Int(arguments[3]) ?? 0)
  case ("decode", 3): try decode(store)
  case ("fill", 3): try fill(store)
  case ("compact", 4): try compact(store, day: Int(arguments[3]) ?? 0)
  case ("state", 3): try state(store)
  default: exit(64)
  }
} catch {
  say("store-writer: \(error)", to: 2)
  exit(74)
}

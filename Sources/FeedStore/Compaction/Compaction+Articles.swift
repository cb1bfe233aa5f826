import FeedJSON
import FeedModel

extension Compaction {
  /// Writes snapshots of article segments where bodies go that are a quarter of the segment.
  ///
  /// Each is a file that every machine fetches again, so little is no reason.
  func snapshotArticles(
    _ report: inout CompactionReport,
    segments: Set<String>?,
    fate: (StoredLine) -> BodyFate
  ) throws(StoreError) {
    guard let files = try own() else { return }
    let snapshots = files.sealed(.articleSnapshot)
    let articles = files.sealed(.articles)
    let done = Set(snapshots.map(\.number))
    let standing = Set(articles.map(\.number))
    // A snapshot beside its segment is left alone: it would have to wait for another 30 days.
    let sources =
      articles.filter { !done.contains($0.number) }
      + snapshots.filter { !standing.contains($0.number) }
    for source in sources where segments?.contains(files.path(source.name)) ?? true {
      try snapshot(source, files, &report, isWorth: { $0 * 4 >= $1 }, fate: fate)
    }
  }

  /// Removes article segments whose snapshot is old enough and says all that they say.
  ///
  /// Where a body is wanted again that the snapshot has dropped, the snapshot is written anew.
  func removeOldArticles(
    _ report: inout CompactionReport,
    fate: (StoredLine) -> BodyFate
  ) throws(StoreError) {
    guard let files = try own(), let directory = try directory(of: files) else { return }
    let articles = Dictionary(files.sealed(.articles)) { first, _ in first }
    for snapshot in files.sealed(.articleSnapshot) {
      guard let name = articles[snapshot.number] else { continue }
      guard try isOldEnough(snapshot.name, files, in: directory) else {
        report.waiting.append(try oldFile(name, files, in: directory))
        continue
      }
      switch try compare(name, with: snapshot.name, files, in: directory, fate: fate) {
      case .same: try remove([name], files, needed: [snapshot.name], &report)
      case .wanted:
        let source = (snapshot.number, name)
        try self.snapshot(source, files, &report, isWorth: { _, _ in true }, fate: fate)
      case .unclear: break
      }
    }
  }

  private enum Comparison {
    /// The snapshot says all that the segment says, but for bodies that are to go.
    case same
    /// The snapshot has not a body that is to stay, or a line, for it was damaged and mended.
    case wanted
    /// One of the two cannot be read whole, or they are about different lines.
    case unclear
  }

  private func compare(
    _ segment: String,
    with snapshot: String,
    _ files: OwnFiles,
    in directory: borrowing Descriptor,
    fate: (StoredLine) -> BodyFate
  ) throws(StoreError) -> Comparison {
    var standing: [Int: [StoreEvent]] = [:]
    let copy = try WholeFile(snapshot, of: files.device, in: directory) {
      line,
      _,
      _ throws(StoreError) in
      standing[line.event.number, default: []].append(line.event)
    }
    guard let copy, copy.isIntact else { return .unclear }
    var result = Comparison.same
    var isWhole = true
    var matched: Set<Int> = []
    let original = try WholeFile(segment, of: files.device, in: directory) {
      line,
      _,
      _ throws(StoreError) in
      let event = line.event
      if case .open = event.operation { return }
      guard let found = standing[event.number] else {
        isWhole = false
        return
      }
      matched.insert(event.number)
      if found.contains(event) { return }
      guard found.contains(where: { $0.isBodiless(event) }) else {
        result = .unclear
        return
      }
      if case .kept = fate(line), result == .same { result = .wanted }
    }
    guard let original, original.isIntact, result != .unclear else { return .unclear }
    if isWhole { return result }
    // What only the snapshot says must not be lost when it is written anew. Its own first line is
    // no such thing.
    return standing.keys.allSatisfy { $0 == 0 || matched.contains($0) } ? .wanted : .unclear
  }

  /// Writes the snapshot of one file.
  private func snapshot(
    _ source: (number: Int, name: String),
    _ files: OwnFiles,
    _ report: inout CompactionReport,
    isWorth: (_ saved: Int, _ size: Int) -> Bool,
    fate: (StoredLine) -> BodyFate
  ) throws(StoreError) {
    guard let directory = try directory(of: files) else { return }
    let name = SegmentName.file(.articleSnapshot, source.number)
    var text = try opening(source.number, files.device)
    let whole = try WholeFile(source.name, of: files.device, in: directory) {
      line,
      bytes,
      start throws(StoreError) in
      if case .open = line.event.operation { return }
      var drops = false
      if case .dropped(let since) = fate(line) {
        // Where nothing is left of the old file there is no time to think better of it.
        drops = name != source.name || since <= limit
      }
      if drops, let short = try withoutBody(line, bytes, start, files.device) {
        text += short
      } else {
        text += line.text(in: bytes, from: start)
      }
    }
    guard let whole, whole.isIntact, let newest = whole.newest, newest <= limit,
      isWorth(whole.size - text.count, whole.size)
    else { return }
    if !isDryRun {
      let temporary = try writeTemporary(in: directory) { file throws(StoreError) in
        try file.append(text)
      }
      guard try take(temporary, as: name, files, needed: [source.name]) else { return }
    }
    report.snapshots.append(
      CompactionReport.Snapshot(
        name: files.path(name),
        bytesBefore: whole.size,
        bytesAfter: text.count
      )
    )
  }

  /// The line of an article without its body; nil when it has none, or says more than we know.
  private func withoutBody(
    _ line: StoredLine,
    _ bytes: [UInt8],
    _ start: Int,
    _ device: String
  ) throws(StoreError) -> [UInt8]? {
    let event = line.event
    guard case .article(let article) = event.operation, !line.isHandWritten,
      article.item != article.item.withoutBody,
      isKnown(bytes, in: start..<start + line.place.length)
    else { return nil }
    let short = article.reduced(to: article.item.withoutBody, textFingerprint: nil)
    var encoder = LineEncoder()
    let writer = event.device == device ? nil : event.device
    let pending = PendingLine(at: event.at, operation: .article(short), writtenBy: writer)
    _ = try encoder.add(pending, number: event.number, device: device, act: event.act)
    return encoder.bytes.count < line.place.length ? encoder.bytes : nil
  }

  /// Whether a line has no member but those that we write.
  private func isKnown(_ bytes: [UInt8], in range: Range<Int>) -> Bool {
    let known: Set<String> = [
      "n", "at", "by", "act", "undo", "op", "feed", "keys", "rule", "hash", "minor",
      "was", "item", "sum",
    ]
    var isKnown = true
    do throws(JSONError) {
      var json = JSONReader(bytes, in: range)
      try json.object { name, json throws(JSONError) in
        if !known.contains(name) { isKnown = false }
        try json.skip()
      }
    } catch {
      return false
    }
    return isKnown
  }
}

extension StoreEvent {
  /// Whether it is another event of which only the body is missing.
  fileprivate func isBodiless(_ full: StoreEvent) -> Bool {
    guard case .article(let short) = operation, case .article(let article) = full.operation else {
      return false
    }
    return (number, at, device) == (full.number, full.at, full.device)
      && (short.feed, short.keys, short.contentHash, short.item)
        == (article.feed, article.keys, article.contentHash, article.item.withoutBody)
  }
}

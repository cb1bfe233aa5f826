import FeedModel

extension Compaction {
  /// Writes a snapshot of the journal where that saves half of it.
  ///
  /// It stands for the snapshot before it and the segments that have come since.
  func snapshotJournal(_ report: inout CompactionReport) throws(StoreError) {
    guard let files = try own(), let directory = try directory(of: files) else { return }
    let last = files.sealed(.snapshot).last
    var sources = [last?.name].compactMap(\.self)
    var number = 0
    if let last, try isOldEnough(last.name, files, in: directory) {
      sources += try stayed(last.number, files, in: directory)
    }
    for segment in files.sealed(.journal) where segment.number > last?.number ?? 0 {
      guard let whole = try WholeFile(segment.name, of: files.device, in: directory) else { return }
      guard whole.isIntact, let newest = whole.newest else { continue }
      guard try min(newest, sealed(segment.number, files, in: directory) ?? newest) <= limit else {
        break
      }
      sources.append(segment.name)
      number = segment.number
    }
    guard number > 0, let lines = try winners(of: sources, files, in: directory),
      lines.allSatisfy(\.isIntact)
    else { return }
    let open = try opening(number, files.device)
    let before = lines.reduce(0) { $0 + $1.size }
    let after = lines.reduce(open.count) { $0 + $1.keptBytes }
    guard after * 2 <= before else { return }
    let name = SegmentName.file(.snapshot, number)
    if !isDryRun {
      let temporary = try writeTemporary(in: directory) { file throws(StoreError) in
        try file.append(open)
        for source in lines { try copy(source, files, from: directory, to: file) }
      }
      guard try take(temporary, as: name, files, needed: sources) else { return }
    }
    report.snapshots.append(
      CompactionReport.Snapshot(name: files.path(name), bytesBefore: before, bytesAfter: after)
    )
  }

  /// When the segment after this one was begun; nil when that cannot be told.
  ///
  /// A line of the future, which a wrong clock wrote, does not make its segment a new one.
  private func sealed(
    _ number: Int,
    _ files: OwnFiles,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> Timestamp? {
    let next = SegmentName.file(.journal, number + 1)
    return try WholeFile.opened(next, of: files.device, in: directory)
  }

  /// Removes segments and snapshots that a snapshot has stood for long enough.
  func removeOldJournals(_ report: inout CompactionReport) throws(StoreError) {
    guard let files = try own(), let directory = try directory(of: files) else { return }
    let snapshots = files.sealed(.snapshot)
    guard let newest = snapshots.last else { return }
    var covers: [String] = []
    var cover = 0
    for snapshot in snapshots.reversed() where try isOldEnough(snapshot.name, files, in: directory)
    {
      covers.append(snapshot.name)
      cover = max(cover, snapshot.number)
    }
    let journals = files.sealed(.journal).filter { $0.number <= newest.number }
    let candidates = Array(covers.dropFirst()) + journals.filter { $0.number <= cover }.map(\.name)
    var removed: [String] = []
    if let first = covers.first, !candidates.isEmpty,
      let lines = try winners(of: [first] + candidates, files, in: directory),
      lines[0].isIntact
    {
      // What holds a register beside the snapshot, or cannot be read, stays.
      removed = lines.dropFirst().filter { $0.isIntact && !$0.isKept.contains(true) }.map(\.name)
    }
    try remove(removed, files, needed: Array(covers.prefix(1)), &report)
    for name in snapshots.dropLast().map(\.name) + journals.map(\.name)
    where !candidates.contains(name) {
      report.waiting.append(try oldFile(name, files, in: directory))
    }
  }

  /// A snapshot is so old that what it stands for may go.
  func isOldEnough(
    _ snapshot: String,
    _ files: OwnFiles,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> Bool {
    let opened = try WholeFile.opened(snapshot, of: files.device, in: directory)
    return opened.map { $0 <= limit } ?? false
  }

  /// Segments that should have gone and still say something that their snapshot does not, for it
  /// was damaged and mended: the next one takes them in.
  private func stayed(
    _ number: Int,
    _ files: OwnFiles,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> [String] {
    var names: [String] = []
    // Nothing has gone in a dry run.
    for segment in files.sealed(.journal) where !isDryRun && segment.number <= number {
      guard let whole = try WholeFile(segment.name, of: files.device, in: directory),
        whole.isIntact, let newest = whole.newest, newest <= limit
      else { continue }
      names.append(segment.name)
    }
    return names
  }

  /// One file of a journal, and which of its lines stay.
  struct JudgedFile {
    var name: String
    var isIntact = true
    var size = 0
    var isKept: [Bool] = []
    var keptBytes = 0
  }

  /// Says which lines stay; nil when a file has gone.
  ///
  /// What holds a register in one file is not looked for in the next: where two lines are equal,
  /// that of the first file stays.
  private func winners(
    of names: [String],
    _ files: OwnFiles,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> [JudgedFile]? {
    var parts = 1
    while true {
      var judged = names.map { JudgedFile(name: $0) }
      var isFull = false
      for part in 0..<parts where !isFull {
        var winners = JournalWinners(part: part, of: parts)
        var lengths: [Int] = []
        var starts: [Int] = []
        for index in judged.indices {
          starts.append(lengths.count)
          let whole = try WholeFile(judged[index].name, of: files.device, in: directory) {
            line,
            _,
            _ throws(StoreError) in
            guard !winners.isFull else { return }
            winners.add(line.event)
            lengths.append(line.place.length + 1)
          }
          guard let whole else { return nil }
          (judged[index].isIntact, judged[index].size) = (whole.isIntact, whole.size)
        }
        isFull = winners.isFull
        guard !isFull else { break }
        winners.finish()
        for (index, start) in starts.enumerated() {
          let end = index + 1 < starts.count ? starts[index + 1] : lengths.count
          judged[index].merge(winners.isKept[start..<end], lengths[start..<end])
        }
      }
      if !isFull { return judged }
      parts *= 2
    }
  }

  private func copy(
    _ source: JudgedFile,
    _ files: OwnFiles,
    from directory: borrowing Descriptor,
    to file: borrowing Descriptor
  ) throws(StoreError) {
    var index = 0
    var pending: [UInt8] = []
    let whole = try WholeFile(source.name, of: files.device, in: directory) {
      line,
      bytes,
      start throws(StoreError) in
      defer { index += 1 }
      guard index < source.isKept.count, source.isKept[index] else { return }
      pending += line.text(in: bytes, from: start)
      guard pending.count >= 1 << 20 else { return }
      try file.append(pending)
      pending.removeAll(keepingCapacity: true)
    }
    guard whole != nil, index == source.isKept.count else {
      throw .gone(path: "\(directory.path)/\(source.name)")
    }
    try file.append(pending)
  }
}

extension Compaction.JudgedFile {
  /// Adds what one part of the registers says.
  fileprivate mutating func merge(_ kept: ArraySlice<Bool>, _ lengths: ArraySlice<Int>) {
    if isKept.isEmpty { isKept = Array(repeating: false, count: kept.count) }
    for (index, place) in zip(isKept.indices, kept.indices) where kept[place] && !isKept[index] {
      isKept[index] = true
      keptBytes += lengths[place]
    }
  }
}

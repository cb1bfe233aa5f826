import FeedModel

/// One run of a compaction.
struct Compaction {
  let store: Store
  let now: Timestamp
  let isDryRun: Bool

  /// From when on something is old enough.
  var limit: Timestamp { now.adding(seconds: -Store.compactionWaitSeconds) }

  /// The device's files; nil when there are none of our own.
  func own() throws(StoreError) -> OwnFiles? { try OwnFiles(of: store) }

  /// Where they are; nil when they have gone.
  func directory(of files: OwnFiles) throws(StoreError) -> Descriptor? {
    try OwnFiles.directory(of: files.device, in: store)
  }

  /// The first line of a snapshot.
  ///
  /// Its time says when the old files may go. It has no number: numbers are for what was written
  /// first.
  func opening(_ number: Int, _ device: String) throws(StoreError) -> [UInt8] {
    var encoder = LineEncoder()
    let open = StoreOperation.open(format: LineEncoder.format, segment: number)
    _ = try encoder.add(PendingLine(at: now, operation: open), number: 0, device: device)
    return encoder.bytes
  }

  /// Gives a snapshot its name; false when the files are not as they were, and then it is removed.
  func take(
    _ temporary: String,
    as name: String,
    _ files: OwnFiles,
    needed: [String]
  ) throws(StoreError) -> Bool {
    let isTaken: Bool
    do throws(StoreError) {
      isTaken = try store.changing(files, needed: needed, target: name) {
        directory throws(StoreError) in
        try rename(temporary, to: name, in: directory)
      }
    } catch {
      // The first error is the one to report; a file that stays is removed after a day.
      try? directory(of: files)?.remove(temporary)
      throw error
    }
    // As above.
    if !isTaken { try? directory(of: files)?.remove(temporary) }
    return isTaken
  }

  /// Removes old files, as long as those are there that stand for them.
  func remove(
    _ names: [String],
    _ files: OwnFiles,
    needed: [String],
    _ report: inout CompactionReport
  ) throws(StoreError) {
    guard !names.isEmpty, let directory = try directory(of: files) else { return }
    var old: [CompactionReport.OldFile] = []
    for name in names { old.append(try oldFile(name, files, in: directory)) }
    if !isDryRun {
      let isDone = try store.changing(files, needed: needed) { directory throws(StoreError) in
        for name in names { try directory.remove(name) }
        try directory.sync()
      }
      guard isDone else { return }
    }
    report.removed += old
  }

  /// What is to be told of a file.
  func oldFile(
    _ name: String,
    _ files: OwnFiles,
    in directory: borrowing Descriptor
  ) throws(StoreError) -> CompactionReport.OldFile {
    let size = try directory.facts(named: name)?.size ?? 0
    return CompactionReport.OldFile(name: files.path(name), bytes: size)
  }
}

import FeedModel

/// The files of this machine's device, as they were when they were listed.
struct OwnFiles {
  let device: String
  /// Input files, sorted.
  let names: [String]
  /// The journal segment that is written; those before it are sealed.
  private let journal: Int
  /// The article segment that is written; those before it are sealed.
  private let articles: Int

  /// Lists them; nil when there are none, or when someone else has written there.
  ///
  /// Creates nothing.
  init?(of store: Store) throws(StoreError) {
    let known = if let identity = store.identity { identity } else { try store.readIdentity() }
    guard let known else { return nil }
    guard known.format <= LineEncoder.format else {
      let path = "\(store.directory)/\(StoreIdentity.fileName)"
      throw .newerFormat(path: path, version: known.format)
    }
    guard
      let record = try StateDirectory.record(in: known, stateDirectory: store.stateDirectory),
      let directory = try Self.directory(of: record.device, in: store)
    else { return nil }
    guard record.format <= LineEncoder.format else {
      throw .newerFormat(path: directory.path, version: record.format)
    }
    names = try directory.names().filter { SegmentName.kind(ofFile: $0) != nil }
    // The next append finds that out too, and leaves all of it to a device of the past.
    guard names.allSatisfy(SegmentName.isOriginal) else { return nil }
    device = record.device
    journal = record.journal.segment
    articles = record.articles.segment
  }

  /// The device's directory; nil when it is not there.
  static func directory(of device: String, in store: Store) throws(StoreError) -> Descriptor? {
    guard let root = try Descriptor.directory(store.directory),
      let devices = try root.directory(named: "dev")
    else { return nil }
    return try devices.directory(named: device)
  }

  /// The files of one kind with their numbers, by number; of segments only those that are sealed.
  func sealed(_ kind: Segment.Kind) -> [(number: Int, name: String)] {
    let end =
      switch kind {
      case .journal: journal
      case .articles: articles
      case .snapshot, .articleSnapshot: Int.max
      }
    return
      names.compactMap { name in
        guard SegmentName.kind(ofFile: name) == kind, let number = SegmentName.number(ofFile: name),
          number < end
        else { return nil }
        return (number, name)
      }
      .sorted { $0.0 < $1.0 }
  }

  /// The name of a file, relative to the store.
  func path(_ name: String) -> String { "dev/\(device)/\(name)" }
}

extension Store {
  /// Changes the device's directory while nobody else writes there.
  ///
  /// - Parameters:
  ///   - files: What is known of the directory.
  ///   - needed: Files without which the change would be wrong.
  ///   - target: The file that the change makes, which has to be there now as it was then.
  ///   - change: What to do.
  /// - Returns: False when the directory is not as it was: nothing was done then.
  /// - Throws: What the file system says.
  func changing(
    _ files: OwnFiles,
    needed: [String],
    target: String? = nil,
    _ change: (borrowing Descriptor) throws(StoreError) -> Void
  ) throws(StoreError) -> Bool {
    let known = if let identity { identity } else { try readIdentity() }
    guard let known else { return false }
    let state = try StateDirectory(of: known, in: stateDirectory)
    let lock = try state.directory.fileOrNew(named: "lock", for: .writing)
    defer { lock.unlock() }
    if usesLocks { _ = try lock.lock(waiting: true) }
    // Another process may have become a new device, or has compacted as well.
    guard let current = try OwnFiles(of: self), current.device == files.device,
      needed.allSatisfy(current.names.contains),
      target.map({ current.names.contains($0) == files.names.contains($0) }) ?? true,
      let directory = try OwnFiles.directory(of: files.device, in: self)
    else { return false }
    try change(directory)
    return true
  }
}

public import FeedModel

extension Store {
  /// Appends lines; all of them are on the disk when this returns.
  ///
  /// Creates the store on first use. Articles go to the article segments of this machine's
  /// device and come first, all else goes to its journal; the order within each is kept. A `set`
  /// of more than 1000 ids becomes several lines. After an error some lines may stand, always
  /// whole ones and from the start of the sequence; writing the same lines again does no harm.
  ///
  /// - Parameters:
  ///   - lines: What to write: no `open` and nothing unknown.
  ///   - now: The time of this call.
  /// - Returns: What reading would give now, so that nobody has to read it.
  /// - Throws: `missing`, `notAStore`, `newerFormat`, `lockUnsupported`, `lineTooLong`, and what
  ///   the file system says. Nothing was acknowledged then.
  @discardableResult
  public func append(
    _ lines: [PendingLine],
    now: Timestamp
  ) throws(StoreError) -> [AppendedLines] {
    let lines = split(lines)
    guard !lines.isEmpty else { return [] }
    let identity = if let known = self.identity { known } else { try createIfAbsent(now: now) }
    try refuseNewer(identity)
    let state = try StateDirectory(of: identity, in: stateDirectory)
    let lock = try state.directory.fileOrNew(named: "lock", for: .writing)
    defer { lock.unlock() }
    if usesLocks { _ = try lock.lock(waiting: true) }
    // The clock may not be set yet.
    let floored = max(now, identity.created)
    let writer = DeviceWriter(store: self, identity: identity, state: state, now: floored)
    return try writer.append(lines)
  }
}

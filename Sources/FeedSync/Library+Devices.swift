public import FeedModel
public import FeedStore

extension Library {
  /// The devices that write into this store, by id, and those that did and whose directory is gone.
  ///
  /// - Parameter now: The time of this call.
  /// - Returns: Reports of what is there, and ids of what is not.
  /// - Throws: What the store answers.
  public func devices(
    now: Timestamp
  ) throws(LibraryError) -> (present: [DeviceReport], gone: [String]) {
    let report = try check(now: now)
    return (report.store.devices, report.goneDevices)
  }

  /// Takes over what another device wrote, and removes its directory.
  ///
  /// The index stays and takes the copies in: what it knows of files that are away just now is not
  /// forgotten. Where damage took lines of the device, what the index still knows of them is
  /// written down first, and feeds of which articles were lost are asked for all they have.
  ///
  /// - Parameters:
  ///   - id: The device; not that of this machine.
  ///   - now: The time of this call.
  ///   - progress: Told how far reading is.
  /// - Returns: What was done.
  /// - Throws: `syncIsRunning`; what the store answers; the state is the same then.
  public func forget(
    device id: String,
    now: Timestamp,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> ForgottenDevice {
    let lock = try lockAgainstSync()
    defer { lock?.release() }
    let report = try check(now: now)
    var hasArticles = false
    if report.harmedDevices.contains(id), !report.index.contains(where: { $0.isUnusable }) {
      let lost = try self.lost(by: report, progress)
      try append(lost.lines, now: now)
      hasArticles = try askAgain(lost.feeds) > 0 || !lost.articles.isEmpty
    }
    let forgotten = try storing { () throws(StoreError) in try store.forget(id, now: now) }
    do throws(LibraryError) {
      try catchUp()
      if hasArticles, report.goneDevices.isEmpty {
        // What was just written of an article is where it stands from now on.
        try refoldLocked(progress)
      }
    } catch .index(let error) {
      trouble.note(error)
    }
    return forgotten
  }
}

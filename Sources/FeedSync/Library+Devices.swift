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

  /// Takes over what another device wrote, removes its directory, and makes the index anew.
  ///
  /// - Parameters:
  ///   - id: The device; not that of this machine.
  ///   - now: The time of this call.
  ///   - progress: Told how far reading is.
  /// - Returns: What was done.
  /// - Throws: What the store answers; the state is the same then.
  public func forget(
    device id: String,
    now: Timestamp,
    progress: ReadingProgress = { _, _ in }
  ) throws(LibraryError) -> ForgottenDevice {
    let forgotten = try storing { () throws(StoreError) in try store.forget(id, now: now) }
    do throws(LibraryError) {
      // Places of articles are those of files that are no more.
      try refold(progress)
    } catch .index(let error) {
      trouble.note(error)
    }
    return forgotten
  }
}

public import FeedModel

/// Compaction of this machine's own sealed files (Documentation/Format.md, "Compaction").
///
/// 1. Only files of this machine's device, only sealed ones, only those whose newest line is older
///    than 30 days, and only those of which every byte is understood or a newer version's line.
/// 2. A snapshot is whole and on the disk before it has its name.
/// 3. A line stays byte for byte, but for a body that is dropped.
/// 4. A line goes only where a later line of this device says something else of all that it says.
/// 5. An old file goes 30 days after its snapshot, and only when the snapshot says all that it
///    says, which is looked at again then.
/// 6. Snapshots and old files may stand side by side in any mix: the state is the same.
extension Store {
  /// How long old files stand beside their snapshot.
  public static let compactionWaitSeconds: Int64 = 30 * 86_400

  /// Compacts what this machine wrote and removes what was compacted long ago.
  ///
  /// Readers are never in the way. Writers wait for a change of a name, not for the work.
  ///
  /// - Parameters:
  ///   - now: The time of the call.
  ///   - isDryRun: Only says what would be done.
  ///   - segments: Article segments that are worth reading, by name; nil for all.
  ///   - fate: What is to become of the body of an article.
  /// - Returns: What was done.
  /// - Throws: `newerFormat`, and what the file system says. What was done until then holds.
  public func compact(
    now: Timestamp,
    isDryRun: Bool = false,
    segments: Set<String>? = nil,
    fate: (StoredLine) -> BodyFate
  ) throws(StoreError) -> CompactionReport {
    var report = CompactionReport()
    let run = Compaction(store: self, now: now, isDryRun: isDryRun)
    try run.removeOldJournals(&report)
    try run.removeOldArticles(&report, fate: fate)
    try run.snapshotJournal(&report)
    try run.snapshotArticles(&report, segments: segments, fate: fate)
    return report
  }
}

/// What a fold has to know of a segment that holds lines of articles.
struct SegmentFacts {
  /// Its name, relative to the store.
  var name: String
  /// It is not there now.
  var isMissing: Bool

  /// How long it is likely to stay, beside other files that hold the same line.
  ///
  /// - Parameter device: The device that wrote the line first.
  /// - Returns: Most for a snapshot and for what was taken over from another device, least for the
  ///   copy that a sync tool made.
  func permanence(writtenBy device: String) -> Int {
    let parts = name.split(separator: "/")
    guard parts.count == 3, let file = parts.last else { return 0 }
    if file.hasPrefix("snap-") || parts[1] != device { return 2 }
    let number = file.dropFirst(2).dropLast(".jsonl".utf8.count)
    return number.utf8.allSatisfy { (0x30...0x39).contains($0) } ? 1 : 0
  }
}

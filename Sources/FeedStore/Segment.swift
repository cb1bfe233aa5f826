/// One input file of the store, as a directory listing shows it.
///
/// Documentation/Format.md, "Layout" and "Sharing".
public struct Segment: Hashable, Sendable {
  /// What kind of lines a segment holds.
  public enum Kind: String, Hashable, Sendable {
    /// `j-`: subscriptions, marks and whatever else a person did.
    case journal = "j"
    /// `a-`: articles that the device fetched.
    case articles = "a"
    /// `snap-`: a compacted journal.
    case snapshot = "snap"
    /// `snap-a-`: a compacted segment of articles.
    case articleSnapshot = "snap-a"

    /// It holds what people did, and no articles.
    public var isOfJournal: Bool {
      switch self {
      case .journal, .snapshot: true
      case .articles, .articleSnapshot: false
      }
    }
  }

  /// Relative to the store: `dev/k7m2q9xw/j-000001.jsonl`.
  public let name: String
  /// When it was listed.
  public let sizeInBytes: Int
  /// The device whose directory it is in.
  public let device: String
  /// By the start of the file's name.
  public let kind: Kind

  /// Describes a file; nil when its name is not that of an input file.
  public init?(name: String, sizeInBytes: Int) {
    guard let parsed = SegmentName(name) else { return nil }
    self.init(parsed, sizeInBytes: sizeInBytes)
  }

  /// Whether a snapshot among some files stands for this one.
  ///
  /// - Parameter names: Files of the store.
  /// - Returns: False for the copy of a sync tool, of which nobody can say what is in it.
  public func hasSnapshot(among names: some Sequence<String>) -> Bool {
    guard let own = SegmentName(name), let number = SegmentName.number(ofFile: own.file) else {
      return false
    }
    return names.contains { other in
      guard let other = SegmentName(other), other.device == device,
        let last = SegmentName.number(ofFile: other.file)
      else { return false }
      return switch (kind, other.kind) {
      case (.journal, .snapshot): last >= number
      case (.snapshot, .snapshot): last > number
      case (.articles, .articleSnapshot): last == number
      default: false
      }
    }
  }

  init(_ parsed: SegmentName, sizeInBytes: Int) {
    name = parsed.text
    device = parsed.device
    kind = parsed.kind
    self.sizeInBytes = sizeInBytes
  }
}

/// The name of an input file, taken apart.
///
/// A name may come back from an index that anyone could have changed, so it is read by this rule
/// each time before a file is opened: three parts, none of which leads elsewhere.
struct SegmentName {
  let text: String
  /// The name of the device's directory.
  let directory: String
  /// The name of the file.
  let file: String
  let device: String
  let kind: Segment.Kind

  /// Reads `dev/ID/FILE`; nil when that is no input file.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "dev" else { return nil }
    self.init(directory: String(parts[1]), file: String(parts[2]))
  }

  /// Puts a name together; nil when it is not that of an input file.
  init?(directory: String, file: String) {
    guard Self.isDevice(directory), let kind = Self.kind(ofFile: file) else { return nil }
    text = "dev/\(directory)/\(file)"
    self.directory = directory
    self.file = file
    device = directory
    self.kind = kind
  }

  /// Eight lower-case letters or digits.
  ///
  /// New ids are base32, but a reader need not insist.
  static func isDevice(_ name: String) -> Bool {
    name.utf8.count == 8 && name.utf8.allSatisfy { isDigit($0) || isLetter($0) }
  }

  /// Whatever a sync tool put between the start of the name and its end, the file is input.
  static func kind(ofFile name: String) -> Segment.Kind? {
    guard name.utf8.count <= 255, name.hasSuffix(".jsonl"), !name.utf8.contains(0),
      !name.utf8.contains(UInt8(ascii: "/"))
    else { return nil }
    if name.hasPrefix("j-") { return .journal }
    if name.hasPrefix("a-") { return .articles }
    if name.hasPrefix("snap-a-") { return .articleSnapshot }
    if name.hasPrefix("snap-") { return .snapshot }
    return nil
  }

  /// The name that a device gives to a segment: `j-000001.jsonl`.
  static func file(_ kind: Segment.Kind, _ number: Int) -> String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, 6 - digits.utf8.count))
    return "\(kind.rawValue)-\(zeros)\(digits).jsonl"
  }

  /// Whether a file has a name that a device gives, and not that of a sync tool's copy.
  static func isOriginal(_ file: String) -> Bool { number(ofFile: file) != nil }

  /// The number in a name that a device gives; nil for that of a sync tool's copy.
  static func number(ofFile file: String) -> Int? {
    guard let kind = kind(ofFile: file) else { return nil }
    let digits = file.dropFirst(kind.rawValue.utf8.count + 1).dropLast(".jsonl".utf8.count)
    guard digits.utf8.count >= 6, digits.utf8.allSatisfy(isDigit) else { return nil }
    return Int(digits)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}

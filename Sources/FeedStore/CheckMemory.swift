import FeedJSON
import FeedModel

/// What this machine remembers of the store's files from one check to the next.
///
/// It stands in the local state, below `STATE/<store id>/`, and may be deleted: the next check then
/// reads every file, and says again what was said before.
struct CheckMemory {
  /// Sealed files that were read to their ends and had nothing wrong with them.
  private var good: [String: GoodFile] = [:]
  /// What a repair has dealt with, by `StoreFinding.identity`.
  private(set) var settled: Set<String> = []

  static let goodName = "checked.jsonl"
  static let settledName = "settled.jsonl"

  /// A file that need not be read again while it stays as it is.
  private struct GoodFile: Hashable {
    var size: Int
    var inode: UInt64
    var modified: Int64
    var first: Int
    var count: Int
    var newest: Timestamp?
  }

  /// Nothing is remembered.
  init() {}

  /// Reads what is remembered; what cannot be read is not.
  init(in state: borrowing Descriptor) {
    for line in Self.lines(of: Self.goodName, in: state) {
      var name: String?
      var file = GoodFile(size: 0, inode: 0, modified: 0, first: 0, count: 0)
      var json = JSONReader(line)
      // A damaged memory is none.
      try? json.object { key, json throws(JSONError) in
        switch key {
        case "file": name = try json.string()
        case "size": file.size = Int(clamping: try json.integer())
        case "ino": file.inode = UInt64(try json.number()) ?? 0
        case "mtime": file.modified = try json.integer()
        case "first": file.first = Int(clamping: try json.integer())
        case "count": file.count = Int(clamping: try json.integer())
        case "newest": file.newest = Timestamp(rfc3339: try json.string())
        default: try json.skip()
        }
      }
      // No file that we write has such numbers, and sums of them would overflow.
      guard (1..<1 << 50).contains(file.first), (1..<1 << 32).contains(file.count) else { continue }
      if let name { good[name] = file }
    }
    for line in Self.lines(of: Self.settledName, in: state) {
      var json = JSONReader(line)
      // As above.
      try? json.object { key, json throws(JSONError) in
        if key == "settled" { settled.insert(try json.string()) } else { try json.skip() }
      }
    }
  }

  /// What is known of a file that is still as it was; nil when it has to be read.
  func survey(_ name: SegmentName, _ facts: FileFacts) -> FileSurvey? {
    guard let file = good[name.text], file.size == facts.size, file.inode == facts.inode,
      file.modified == facts.modifiedNanoseconds
    else { return nil }
    var survey = FileSurvey(name, facts)
    survey.lines = file.count
    survey.newest = file.newest
    survey.runs = [LineRun(survey.sequence, first: file.first, count: file.count)]
    return survey
  }

  /// The numbers of a device's lines that are known to be missing.
  func settledNumbers(of device: String, _ kind: Segment.Kind) -> [ClosedRange<Int>] {
    settled.compactMap { MissingRange($0) }.filter { ($0.device, $0.kind) == (device, kind) }
      .map(\.numbers)
  }

  /// Remembers the files that need not be read again, and forgets those that are gone.
  ///
  /// Best effort: it only saves time.
  mutating func remember(_ surveys: [FileSurvey], in state: borrowing Descriptor) {
    var new: [String: GoodFile] = [:]
    for survey in surveys where survey.isSettled {
      new[survey.name.text] = GoodFile(
        size: survey.facts.size,
        inode: survey.facts.inode,
        modified: survey.facts.modifiedNanoseconds,
        first: survey.runs[0].first,
        count: survey.runs[0].count,
        newest: survey.newest
      )
    }
    guard new != good else { return }
    good = new
    var json = JSONWriter()
    for (name, file) in new.sorted(by: { $0.key < $1.key }) {
      json.beginObject()
      json.member("file", name)
      json.member("size", file.size)
      json.member("ino", file.inode)
      json.member("mtime", file.modified)
      json.member("first", file.first)
      json.member("count", file.count)
      json.member("newest", file.newest?.rfc3339(milliseconds: true))
      json.endObject()
      json.raw(0x0A)
    }
    // Without it the next check takes longer.
    try? replace(Self.goodName, in: state, with: json.bytes)
  }

  /// Remembers what need not be said again.
  mutating func settle(
    _ findings: [StoreFinding],
    in state: borrowing Descriptor
  ) throws(StoreError) {
    let new = settled.union(findings.map(\.identity).filter { !$0.isEmpty })
    guard new != settled else { return }
    settled = new
    var json = JSONWriter()
    for identity in new.sorted() {
      json.beginObject()
      json.member("settled", identity)
      json.endObject()
      json.raw(0x0A)
    }
    try replace(Self.settledName, in: state, with: json.bytes)
  }

  private static func lines(of name: String, in state: borrowing Descriptor) -> [[UInt8]] {
    // What cannot be read is not remembered.
    guard let file = try? state.file(named: name, for: .reading),
      let size = try? file.facts().size,
      let bytes = try? file.read(at: 0, count: min(size, 64 << 20))
    else { return [] }
    return bytes.split(separator: 0x0A).map { Array($0) }
  }
}

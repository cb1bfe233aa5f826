import FeedJSON
import FeedModel

/// Which device this machine is for a store, and how far its sequences are.
///
/// Documentation/Format.md, "This machine only".
///
/// The file always has the same length, so that one write replaces it in place.
struct DeviceRecord: Hashable {
  static let fileBytes = 512

  /// How far one sequence of segments is.
  struct Sequence: Hashable {
    /// The segment that is written, from 1.
    var segment = 1
    /// The number of the last line; 0 before the first one.
    var number = 0
    /// The sum of the last line of this segment.
    var sum: UInt32 = 0
    /// The segment's inode; 0 when nothing of this segment was seen yet.
    var inode: UInt64 = 0
    /// The segment's size.
    var size = 0

    /// The segment of the last line.
    var lastSegment: Int { inode == 0 ? segment - 1 : segment }

    /// Goes on to the next segment, which may be there already.
    mutating func seal() {
      segment += 1
      sum = 0
      inode = 0
      size = 0
    }
  }

  /// 8 characters of base32.
  let device: String
  /// The hash of the store's path that is remembered.
  var path: String
  /// When names in the device's directory last changed, in nanoseconds since 1970.
  var directoryNanoseconds: Int64 = 0
  /// `j-` segments.
  var journal = Sequence()
  /// `a-` segments.
  var articles = Sequence()
  /// The format that the device writes.
  private(set) var format = LineEncoder.format

  /// A device that has written nothing.
  init(device: String, path: String) {
    self.device = device
    self.path = path
  }

  /// The sequence of one kind of segment.
  subscript(kind: Segment.Kind) -> Sequence {
    get { kind == .articles ? articles : journal }
    set { if kind == .articles { articles = newValue } else { journal = newValue } }
  }

  /// The text of the file.
  var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("fmt", format)
    json.member("dev", device)
    json.member("at", path)
    json.member("dir", directoryNanoseconds)
    for (name, sequence) in [("j", journal), ("a", articles)] {
      json.key(name)
      json.beginObject()
      json.member("seg", sequence.segment)
      json.member("n", sequence.number)
      json.member("sum", sequence.sum)
      json.member("ino", sequence.inode)
      json.member("size", sequence.size)
      json.endObject()
    }
    let sum = CRC32.sum(of: json.bytes, in: 0..<json.bytes.count)
    json.member("sum", hexadecimal(sum, digits: 8))
    json.endObject()
    let padding = Self.fileBytes - 1 - json.bytes.count
    return json.bytes + [UInt8](repeating: 0x20, count: padding) + [0x0A]
  }

  /// Reads the file; nil when it is torn or damaged in any way.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.fileBytes,
      let end = bytes.lastIndex(of: UInt8(ascii: "}")).map({ $0 + 1 }),
      let sum = statedSum(bytes, in: 0..<end),
      CRC32.sum(of: bytes, in: 0..<end - sumBytes) == sum
    else { return nil }
    var record = DeviceRecord(device: "", path: "")
    var device: String?
    do throws(JSONError) {
      var json = JSONReader(bytes)
      try json.object { name, json throws(JSONError) in
        switch name {
        case "fmt": record.format = Int(clamping: try json.integer())
        case "dev": device = try json.string()
        case "at": record.path = try json.string()
        case "dir": record.directoryNanoseconds = try json.integer()
        case "j": record.journal = try Sequence(from: &json)
        case "a": record.articles = try Sequence(from: &json)
        default: try json.skip()
        }
      }
      try json.finish()
    } catch {
      return nil
    }
    guard let device, SegmentName.isDevice(device) else { return nil }
    self.init(device: device, path: record.path)
    format = record.format
    directoryNanoseconds = record.directoryNanoseconds
    journal = record.journal
    articles = record.articles
  }
}

extension DeviceRecord.Sequence {
  fileprivate init(from json: inout JSONReader) throws(JSONError) {
    var sequence = DeviceRecord.Sequence()
    try json.object { name, json throws(JSONError) in
      switch name {
      case "seg": sequence.segment = max(1, Int(clamping: try json.integer()))
      case "n": sequence.number = max(0, Int(clamping: try json.integer()))
      case "sum": sequence.sum = UInt32(clamping: try json.integer())
      case "ino": sequence.inode = UInt64(try json.number()) ?? 0
      case "size": sequence.size = max(0, Int(clamping: try json.integer()))
      default: try json.skip()
      }
    }
    self = sequence
  }
}

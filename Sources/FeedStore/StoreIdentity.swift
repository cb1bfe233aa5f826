import FeedJSON
import FeedModel

/// What `store.json` says (Documentation/Format.md, "Layout").
struct StoreIdentity: Hashable {
  static let fileName = "store.json"

  let format: Int
  /// 32 hexadecimal digits; it names a directory of the local state.
  let id: String
  let created: Timestamp

  /// Describes a new store.
  ///
  /// The file holds whole seconds, and what is written must equal what is read again.
  init(id: String, created: Timestamp) {
    format = LineEncoder.format
    self.id = id
    self.created = Timestamp(seconds: created.seconds)
  }

  /// Reads the file in the store's directory; nil when there is none.
  init?(in root: borrowing Descriptor) throws(StoreError) {
    guard let file = try root.file(named: Self.fileName, for: .reading) else { return nil }
    let bytes = try file.read(at: 0, count: 64 << 10)
    var format: Int64?
    var id: String?
    var created: Timestamp?
    do throws(JSONError) {
      var json = JSONReader(bytes)
      try json.object { name, json throws(JSONError) in
        switch name {
        case "fmt": format = try json.integer()
        case "store": id = try json.string()
        case "created": created = Timestamp(rfc3339: try json.string())
        default: try json.skip()
        }
      }
      try json.finish()
    } catch {
      throw .notAStore(path: file.path)
    }
    guard let format, let id, Self.isID(id) else { throw .notAStore(path: file.path) }
    self.format = Int(clamping: format)
    self.id = id
    self.created = created ?? .earliest
  }

  /// The text of the file.
  var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("fmt", format)
    json.member("store", id)
    json.member("created", created.rfc3339(milliseconds: false))
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }

  /// Whether a text may name a directory: 8 to 64 lower-case letters and digits.
  private static func isID(_ text: String) -> Bool {
    (8...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      }
  }
}

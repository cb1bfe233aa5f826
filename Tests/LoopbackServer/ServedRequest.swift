/// One request as it came over the wire.
public struct ServedRequest: Hashable, Sendable {
  /// One header field.
  public struct Field: Hashable, Sendable {
    /// As it was written.
    public var name: String
    /// Without the white space around it; bytes above 0x7F stand as U+0080 to U+00FF.
    public var value: String
  }

  /// `GET` and the like.
  public var method: String
  /// The path and query, byte for byte.
  public var target: String
  /// `HTTP/1.1`.
  public var version: String
  /// In the order in which they came.
  public var fields: [Field]
  /// All bytes of the head, with the empty line that ends it.
  public var head: [UInt8]
  /// The body, when the request declares its length.
  public var body: [UInt8]
  /// Which connection it came on; the first is 1.
  public var connection: Int

  /// The value of the first field of a name, in any case; nil when there is none.
  public func field(_ name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The names of all fields in lower case, in the order in which they came.
  public var fieldNames: [String] { fields.map { $0.name.lowercased() } }

  /// The target up to its question mark.
  public var path: String { String(target.prefix { $0 != "?" }) }

  /// Reads a head; nil when its first line is none of HTTP/1.
  init?(head: [UInt8], connection: Int) {
    var lines = head.split(separator: 0x0A)
      .map { line in
        String(String.UnicodeScalarView(line.filter { $0 != 0x0D }.map(Unicode.Scalar.init)))
      }
    guard !lines.isEmpty else { return nil }
    let words = lines.removeFirst().split(separator: " ", maxSplits: 2)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
    (method, target, version) = (String(words[0]), String(words[1]), String(words[2]))
    fields = lines.compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      return Field(name: String(line[..<colon]), value: String(value))
    }
    self.head = head
    self.connection = connection
    body = []
  }
}

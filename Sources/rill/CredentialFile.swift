import FeedJSON
import FeedModel

/// The file `credentials` of the config directory: what is secret, by feed.
///
/// 1. Only its owner can read it, from its first byte on; one that others can read is refused.
/// 2. It is replaced whole, after it was flushed to the disk: a reader sees the old one or the new.
/// 3. Two programs that change it wait for each other.
/// 4. What is not understood is refused, not dropped.
struct CredentialFile: Sendable {
  /// Where it is.
  var path: String

  /// What is set, by feed; nothing when there is no file.
  func secrets() throws -> [FeedID: FeedSecrets] {
    try decoded(privateContents(of: path))
  }

  /// Changes what is set for one feed.
  ///
  /// - Parameters:
  ///   - feed: The feed.
  ///   - change: Gets what is set and gives what is to be set; nil or nothing removes it.
  /// - Throws: `Failure` when the file cannot be read or written; then it stands as it was.
  func update(_ feed: FeedID, _ change: (FeedSecrets?) throws -> FeedSecrets?) throws {
    try changePrivately(path) { bytes in
      var all = try decoded(bytes)
      let old = all[feed]
      let new = try change(old).flatMap { $0.isEmpty ? nil : $0 }
      guard new != old else { return nil }
      all[feed] = new
      return encoded(all)
    }
  }

  private func decoded(_ bytes: [UInt8]?) throws -> [FeedID: FeedSecrets] {
    guard let bytes else { return [:] }
    var all: [FeedID: FeedSecrets] = [:]
    var reader = JSONReader(bytes)
    do {
      try reader.object { name, json throws(JSONError) in
        guard name == "feeds" else { throw json.refusal }
        try json.object { name, json throws(JSONError) in
          guard let feed = FeedID(name) else { throw json.refusal }
          all[feed] = try FeedSecrets(&json)
        }
      }
      try reader.finish()
    } catch {
      // The error names a place, never what stands there.
      throw Failure(.usage, "\(path) cannot be read: \(error) Mend it or move it away.")
    }
    return all
  }

  private func encoded(_ all: [FeedID: FeedSecrets]) -> [UInt8] {
    var bytes = Array("{\"feeds\": {".utf8)
    for (index, feed) in all.keys.sorted(by: { $0.description < $1.description }).enumerated() {
      guard let secrets = all[feed] else { continue }
      bytes += Array((index == 0 ? "\n" : ",\n").utf8)
      bytes += Array("\"\(feed)\": ".utf8)
      var json = JSONWriter()
      secrets.write(to: &json)
      bytes += json.bytes
    }
    return bytes + Array("\n}}\n".utf8)
  }
}

extension JSONReader {
  /// Refuses what stands here.
  fileprivate var refusal: JSONError { JSONError(reason: .unexpectedByte, offset: offset) }
}

extension FeedSecrets {
  fileprivate init(_ json: inout JSONReader) throws(JSONError) {
    self.init(origin: "")
    var texts: [String] = []
    try json.object { name, json throws(JSONError) in
      switch name {
      case "origin": origin = try json.string()
      case "user": user = try json.string()
      case "password": password = .text(try json.string())
      case "password_command":
        var words: [String] = []
        try json.array { json throws(JSONError) in words.append(try json.string()) }
        guard !words.isEmpty else { throw json.refusal }
        password = .command(words)
      case "headers":
        try json.array { json throws(JSONError) in texts.append(try json.string()) }
      case "proxy": proxy = try json.string()
      case "insecure": acceptsAnyCertificate = try json.bool()
      default: throw json.refusal
      }
    }
    headers = texts.compactMap(HeaderField.init)
    guard headers.count == texts.count, !origin.isEmpty else { throw json.refusal }
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("origin", origin)
    json.member("user", user)
    switch password {
    case .text(let text): json.member("password", text)
    case .command(let words): json.member("password_command", words)
    case nil: break
    }
    json.member("headers", headers.map(\.line))
    json.member("proxy", proxy)
    if acceptsAnyCertificate { json.member("insecure", true) }
    json.endObject()
  }
}

extension CredentialFile {
  /// What is said when user and password were taken out of an address.
  static func notice(_ path: String) -> String {
    "User and password were taken out of the address. They are in \(path), which only you can read."
  }
}

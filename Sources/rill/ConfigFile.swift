import FeedJSON
import FeedModel

/// The file `config.json`: settings for all feeds, as an object of objects.
///
/// It is replaced whole, and what Rill does not know in it stays.
struct ConfigFile {
  /// Where it is.
  var path: String

  /// What is set, by name such as `fetch.jobs`; nothing when there is no file.
  ///
  /// - Returns: The leaves of the tree, with arrays as leaves.
  /// - Throws: `Failure` when the file cannot be read or is not one JSON object.
  func values() throws -> [String: JSONValue] {
    guard fileExists(path) else { return [:] }
    return leaves(of: try tree(contents(of: path)), below: "")
  }

  /// What stands in the file and sets nothing: names that are no settings, and values of another
  /// type than their setting takes.
  func faults() throws -> [SettingFault] {
    try values().sorted { $0.key < $1.key }
      .compactMap { name, value in
        fault(name, value).map { SettingFault(place: path, name: name, text: "\(name) \($0)") }
      }
  }

  private func fault(_ name: String, _ value: JSONValue) -> String? {
    guard SettingName.all.contains(name) else {
      let meant = nearestName(to: name, of: SettingName.all)
      return "is no setting. "
        + (meant.map { "Did you mean \($0)?" } ?? "See all with: rill config")
    }
    let isNumber = SettingName.number(name) != nil
    switch value {
    case .string: return nil
    case .number(let digits) where isNumber && isWhole(digits): return nil
    default:
      return "is \(redacted(value.line)), and sets nothing. It takes "
        + (isNumber ? "a whole number." : "one text in quotes.")
    }
  }

  private func isWhole(_ digits: String) -> Bool {
    Double(digits).flatMap { Int(exactly: $0) } != nil
  }

  /// Sets a value, or removes it.
  ///
  /// - Parameters:
  ///   - name: A name such as `fetch.jobs`.
  ///   - value: The value; nil removes it.
  ///   - check: Gets the path of a file with the new settings before the old ones are replaced.
  /// - Throws: `Failure` or what `check` throws; then the file stands as it was.
  func set(
    _ name: String,
    to value: JSONValue?,
    check: (String) async throws -> Void
  ) async throws {
    let trial = path + ".new-\(processNumber())"
    try changePrivately(trial, isSecret: false) { _ in
      try changed(fileExists(path) ? contents(of: path) : nil, name, value)
    }
    defer { removeFile(trial) }
    try await check(trial)
    try changePrivately(path, isSecret: false) { try changed($0, name, value) }
  }

  private func changed(_ old: [UInt8]?, _ name: String, _ value: JSONValue?) throws -> [UInt8] {
    var tree = try old.map { try self.tree($0) } ?? .object([:])
    // The same name may stand there with its dot.
    if case .object(var members) = tree, members.removeValue(forKey: name) != nil {
      tree = .object(members)
    }
    tree.set(value, at: name.split(separator: ".").map(String.init)[...])
    return Array((spelled(tree, indent: "") + "\n").utf8)
  }

  private func tree(_ bytes: [UInt8]) throws -> JSONValue {
    var reader = JSONReader(bytes)
    do throws(JSONError) {
      let value = try reader.value()
      try reader.finish()
      if case .object = value { return value }
    } catch {
      throw Failure(.usage, "\(path) cannot be read: \(error) Mend it or move it away.")
    }
    throw Failure(.usage, "\(path) is not one JSON object. Mend it or move it away.")
  }

  private func leaves(of value: JSONValue, below name: String) -> [String: JSONValue] {
    guard case .object(let members) = value else { return [name: value] }
    return members.reduce(into: [:]) { leaves, member in
      let name = name.isEmpty ? member.key : "\(name).\(member.key)"
      leaves.merge(self.leaves(of: member.value, below: name)) { $1 }
    }
  }
}

extension JSONValue {
  /// Sets a value deep in a tree; nil removes it, with the objects that it leaves empty.
  fileprivate mutating func set(_ value: JSONValue?, at path: ArraySlice<String>) {
    guard let first = path.first else {
      if let value { self = value }
      return
    }
    var members: [String: JSONValue] = [:]
    if case .object(let old) = self { members = old }
    if path.count == 1 {
      members[first] = value
    } else {
      var child = members[first] ?? .object([:])
      child.set(value, at: path.dropFirst())
      members[first] = child == .object([:]) ? nil : child
    }
    self = .object(members)
  }

  /// The value as one line.
  var line: String {
    var json = JSONWriter()
    write(to: &json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func write(to json: inout JSONWriter) {
    switch self {
    case .null: json.null()
    case .bool(let flag): json.value(flag)
    case .number(let digits): json.rawValue(digits.utf8)
    case .string(let text): json.value(text)
    case .array(let elements):
      json.beginArray()
      for element in elements { element.write(to: &json) }
      json.endArray()
    case .object(let members):
      json.beginObject()
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        json.key(name)
        value.write(to: &json)
      }
      json.endObject()
    }
  }
}

/// A tree with each member of its objects on a line of its own, in the order of their names.
private func spelled(_ value: JSONValue, indent: String) -> String {
  guard case .object(let members) = value, !members.isEmpty else { return value.line }
  let lines = members.sorted { $0.key < $1.key }
    .map { name, value in
      "\(indent)  \(JSONValue.string(name).line): \(spelled(value, indent: indent + "  "))"
    }
  return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
}

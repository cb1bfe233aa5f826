import FeedJSON
import FeedModel

/// The names of all settings.
enum SettingName {
  /// In the order in which they are shown.
  static var all: [String] { words.map(\.name) }

  /// What a setting is for; empty for what is none.
  static func about(_ name: String) -> String { words.first { $0.name == name }?.about ?? "" }

  /// The number of that name; nil where it is a text.
  static func number(_ name: String) -> NumberSetting? {
    (NumberSetting.program + NumberSetting.all).first { $0.key == name }
  }

  /// It is a command, and takes several words.
  static func isCommand(_ name: String) -> Bool { ["hooks.on-new", "open.command"].contains(name) }

  /// Its name in the environment: `RILL_FETCH_JOBS`.
  static func variable(_ name: String) -> String {
    "RILL_" + name.uppercased().replacing(".", with: "_").replacing("-", with: "_")
  }

  /// Refuses a name that no setting has.
  ///
  /// - Throws: `Failure` with the name that was probably meant.
  static func check(_ name: String) throws {
    guard !all.contains(name) else { return }
    let meant = nearestName(to: name, of: all)
    throw Failure(
      .usage,
      "There is no setting \(quoted(name)). "
        + (meant.map { "Did you mean \($0)?" } ?? "See all with: rill config")
    )
  }
}

/// One setting as it holds now.
struct Setting {
  /// Where a value comes from.
  enum Source: String {
    case environment
    case file
    case standard = "default"

    /// For a person.
    var words: String {
      switch self {
      case .environment: "the environment"
      case .file: "config.json"
      case .standard: "nowhere"
      }
    }
  }

  var name: String
  /// As it is shown.
  var value: String
  var source: Source

  /// Reads a setting: the environment first, then the file, then its default.
  init(_ name: String, inFile: [String: JSONValue]) {
    self.name = name
    let typed = variable(SettingName.variable(name))
    if !typed.isEmpty {
      (value, source) = (typed, .environment)
    } else if let written = inFile[name] {
      if case .string(let text) = written { value = text } else { value = written.line }
      source = .file
    } else {
      let text = NumberSetting.texts.first { $0.key == name }?.standard
      value = SettingName.number(name).map { String($0.standard) } ?? text ?? ""
      source = .standard
    }
  }

  /// The bare value; nil where there is none.
  var plain: String? {
    let isSaid =
      source != .standard || SettingName.number(name) != nil
      || ["fetch.user-agent", "fetch.private-addresses"].contains(name)
    return isSaid ? value : nil
  }

  /// One line of JSON.
  var jsonLine: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("key", name)
    json.member("value", plain.map(redacted))
    json.member("source", source.rawValue)
    json.member("about", SettingName.about(name))
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

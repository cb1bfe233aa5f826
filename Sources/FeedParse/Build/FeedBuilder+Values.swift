import FeedModel

/// Numbers, times and flags as feeds write them.
extension FeedBuilder {
  /// A number of bytes, or of anything that is counted.
  ///
  /// Nil for what is no number, negative, or more than JSON can tell apart (RFC 8259 §6).
  static func size(_ text: some StringProtocol) -> Int64? {
    Int64(text).flatMap { (0..<1 << 53).contains($0) ? $0 : nil }
  }

  /// A number that may have a fraction; nil for what is none, for infinity and for what is no
  /// number by name.
  static func decimal(_ text: some StringProtocol) -> Double? {
    let bytes = text.utf8
    // Hexadecimal forms and names of numbers are none here, and nobody measures in 64 digits.
    guard bytes.count <= 64, bytes.allSatisfy({ Bytes.isDigit($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(String(text)), value.isFinite
    else { return nil }
    return value
  }

  /// Seconds out of `hh:mm:ss`, `mm:ss` or `ss`; nil for anything else, and for 30 years.
  ///
  /// A fraction is left out.
  static func seconds(_ text: String) -> Int64? {
    guard text.utf8.count <= 64 else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var total: Int64 = 0
    for part in parts {
      let digits = part.filter { !$0.isWhitespace }.prefix { $0 != "." }
      guard let value = Int64(digits), value >= 0, value < 1_000_000_000 else { return nil }
      total = total * 60 + value
    }
    guard total < 1_000_000_000 else { return nil }
    return total
  }

  /// Seconds with their fraction, in the same forms (Media RSS `time`, Podlove `start`).
  static func moment(_ text: String) -> Double? {
    guard text.utf8.count <= 64 else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var total = 0.0
    for part in parts {
      guard let value = decimal(part), value >= 0, value < 1_000_000_000 else { return nil }
      total = total * 60 + value
    }
    return total < 1_000_000_000 ? total : nil
  }

  /// A flag of a podcast; nil for a word that nobody uses for it.
  static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "yes", "true", "explicit", "1": true
    case "no", "false", "clean", "0": false
    default: nil
    }
  }
}

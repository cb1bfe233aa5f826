/// Reads JSON text (RFC 8259) value by value, without building a tree unless asked to.
///
/// The strict rules are for lines of our own: the same name twice in an object is an error, and so
/// is a raw control character, a lone surrogate or a byte that is not UTF-8. The lenient rules are
/// for what the network sends: there these are mended (the last of two equal names holds, U+FFFD
/// stands for what cannot be read) and a comma before a closing bracket is passed over. Nesting is
/// limited to `depthMax` in both.
public struct JSONReader {
  /// How much is forgiven.
  public enum Rules: Hashable, Sendable {
    /// Every rule holds.
    case strict
    /// What can be mended is mended.
    case lenient
  }

  /// How deep arrays and objects may nest.
  public static let depthMax = 256
  /// How long a number may be: longer ones mean nothing, and would be copied.
  public static let numberBytesMax = 1024
  /// How many names of one object the lenient rules remember, to notice that one comes twice.
  ///
  /// Nobody writes so many, and the last of two holds in any case.
  private static let lenientNamesMax = 4096

  private let bytes: [UInt8]
  private let end: Int
  private let rules: Rules
  private var index: Int
  private var depth = 0

  /// Something was mended that the strict rules would refuse.
  public private(set) var wasMended = false

  /// Reads a part of `bytes`, or all of it.
  ///
  /// A byte order mark at the start is passed over.
  public init(_ bytes: [UInt8], in range: Range<Int>? = nil, rules: Rules = .strict) {
    self.bytes = bytes
    self.rules = rules
    index = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
    precondition(index >= 0 && end <= bytes.count, "The range lies within the bytes.")
    if end - index >= 3, bytes[index] == 0xEF, bytes[index + 1] == 0xBB, bytes[index + 2] == 0xBF {
      index += 3
    }
  }

  /// Where the reader stands, in bytes from the start.
  public var offset: Int { index }

  /// What the next value is, by its first byte; nil at the end of the text.
  public mutating func peek() -> UInt8? {
    skipSpace()
    return index < end ? bytes[index] : nil
  }

  /// Reads an object, handing each name to `member`, which must read or skip the value.
  public mutating func object(
    _ member: (String, inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    try enter(UInt8(ascii: "{"))
    var names = NameSet()
    while try !leave(UInt8(ascii: "}")) {
      let start = index
      let name = try string()
      let isLooking = rules == .strict || names.count < Self.lenientNamesMax
      if isLooking, !names.insert(name) {
        guard rules == .lenient else { throw JSONError(reason: .duplicateKey, offset: start) }
        wasMended = true
      }
      try expect(UInt8(ascii: ":"))
      try member(name, &self)
      try separator(before: UInt8(ascii: "}"))
    }
  }

  /// Reads an array, calling `element` once for each, which must read or skip it.
  public mutating func array(
    _ element: (inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    try enter(UInt8(ascii: "["))
    while try !leave(UInt8(ascii: "]")) {
      try element(&self)
      try separator(before: UInt8(ascii: "]"))
    }
  }

  /// Reads a string.
  public mutating func string() throws(JSONError) -> String {
    skipSpace()
    guard index < end else { throw error(.unexpectedEnd) }
    guard bytes[index] == UInt8(ascii: "\"") else { throw error(.wrongType) }
    index += 1
    let start = index
    var isASCII = true
    while true {
      let run = plainRun(bytes, in: index..<end)
      index = run.end
      if !run.isASCII { isASCII = false }
      guard index < end else { throw error(.unexpectedEnd) }
      switch bytes[index] {
      case UInt8(ascii: "\""):
        let text = try decode(start..<index, isASCII: isASCII)
        index += 1
        return text
      case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
      default:
        guard rules == .lenient else { throw error(.unexpectedByte) }
        wasMended = true
        index += 1
      }
    }
  }

  /// Reads a whole number.
  public mutating func integer() throws(JSONError) -> Int64 {
    let start = index
    guard let value = Int64(try number()) else {
      throw JSONError(reason: .badNumber, offset: start)
    }
    return value
  }

  /// Reads a number that may have a fraction.
  public mutating func decimal() throws(JSONError) -> Double {
    let start = index
    guard let value = Double(try number()), value.isFinite else {
      throw JSONError(reason: .badNumber, offset: start)
    }
    return value
  }

  /// Reads a number as its text, such as `-1.5e3`.
  public mutating func number() throws(JSONError) -> String {
    skipSpace()
    let start = index
    func digits() -> Bool {
      let first = index
      while index < end, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
      return index > first
    }
    if index < end, bytes[index] == UInt8(ascii: "-") { index += 1 }
    let firstDigit = index
    guard digits() else { throw error(index < end ? .wrongType : .unexpectedEnd) }
    if bytes[firstDigit] == UInt8(ascii: "0"), index - firstDigit > 1 { throw error(.badNumber) }
    if index < end, bytes[index] == UInt8(ascii: ".") {
      index += 1
      guard digits() else { throw error(.badNumber) }
    }
    if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < end, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
        index += 1
      }
      guard digits() else { throw error(.badNumber) }
    }
    guard index - start <= Self.numberBytesMax else {
      throw JSONError(reason: .badNumber, offset: start)
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// Reads `true` or `false`.
  public mutating func bool() throws(JSONError) -> Bool {
    switch peek() {
    case UInt8(ascii: "t"):
      try literal("true")
      return true
    case UInt8(ascii: "f"):
      try literal("false")
      return false
    default: throw error(.wrongType)
    }
  }

  /// Reads `null`.
  public mutating func null() throws(JSONError) { try literal("null") }

  /// Passes over one value of any type.
  public mutating func skip() throws(JSONError) {
    switch peek() {
    case UInt8(ascii: "{"): try object { _, reader throws(JSONError) in try reader.skip() }
    case UInt8(ascii: "["): try array { reader throws(JSONError) in try reader.skip() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): try null()
    case nil: throw error(.unexpectedEnd)
    default: _ = try number()
    }
  }

  /// Reads one value of any type as a tree.
  public mutating func value() throws(JSONError) -> JSONValue {
    switch peek() {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try object { name, reader throws(JSONError) in members[name] = try reader.value() }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { reader throws(JSONError) in elements.append(try reader.value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool())
    case UInt8(ascii: "n"):
      try null()
      return .null
    case nil: throw error(.unexpectedEnd)
    default: return .number(try number())
    }
  }

  /// Makes sure that nothing but white space is left.
  public mutating func finish() throws(JSONError) {
    skipSpace()
    guard index == end else { throw error(.trailingBytes) }
  }

  private func error(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: index)
  }

  private mutating func skipSpace() {
    while index < end {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return
      }
    }
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    skipSpace()
    guard index < end else { throw error(.unexpectedEnd) }
    guard bytes[index] == byte else { throw error(.unexpectedByte) }
    index += 1
  }

  private mutating func enter(_ bracket: UInt8) throws(JSONError) {
    guard let byte = peek() else { throw error(.unexpectedEnd) }
    guard byte == bracket else { throw error(.wrongType) }
    guard depth < Self.depthMax else { throw error(.tooDeep) }
    depth += 1
    index += 1
  }

  /// Whether the innermost bracket closes here; then it is passed over.
  private mutating func leave(_ bracket: UInt8) throws(JSONError) -> Bool {
    guard let byte = peek() else { throw error(.unexpectedEnd) }
    guard byte == bracket else { return false }
    depth -= 1
    index += 1
    return true
  }

  private mutating func separator(before bracket: UInt8) throws(JSONError) {
    guard let byte = peek() else { throw error(.unexpectedEnd) }
    if byte == bracket { return }
    guard byte == UInt8(ascii: ",") else { throw error(.unexpectedByte) }
    index += 1
    if peek() == bracket {
      guard rules == .lenient else { throw error(.unexpectedByte) }
      wasMended = true
    }
  }

  private mutating func literal(_ word: StaticString) throws(JSONError) {
    skipSpace()
    for byte in word.description.utf8 {
      guard index < end else { throw error(.unexpectedEnd) }
      guard bytes[index] == byte else { throw error(.unexpectedByte) }
      index += 1
    }
  }

  private mutating func decode(_ range: Range<Int>, isASCII: Bool) throws(JSONError) -> String {
    if isASCII { return String(decoding: bytes[range], as: UTF8.self) }
    if let text = String(validating: bytes[range], as: UTF8.self) { return text }
    guard rules == .lenient else {
      throw JSONError(reason: .notUTF8, offset: range.lowerBound)
    }
    wasMended = true
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// The slow way: `index` stands on the first backslash.
  private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(2 * (index - start) + 64)
    text.append(contentsOf: bytes[start..<index])
    while true {
      let run = plainRun(bytes, in: index..<end)
      text.append(contentsOf: bytes[index..<run.end])
      index = run.end
      guard index < end else { throw error(.unexpectedEnd) }
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index += 1
        if let string = String(validating: text, as: UTF8.self) { return string }
        guard rules == .lenient else { throw JSONError(reason: .notUTF8, offset: start) }
        wasMended = true
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try appendEscape(to: &text)
      default:
        guard rules == .lenient else { throw error(.unexpectedByte) }
        wasMended = true
        text.append(bytes[index])
        index += 1
      }
    }
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
    guard index + 1 < end else { throw error(.unexpectedEnd) }
    let letter = bytes[index + 1]
    if letter == UInt8(ascii: "u") {
      text.append(contentsOf: String(try escapedScalar()).utf8)
      return
    }
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    default:
      guard rules == .lenient else { throw error(.badEscape) }
      wasMended = true
      text.append(letter)
    }
    index += 2
  }

  /// Reads `\uXXXX`, or the two of a surrogate pair.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    guard let first = hex(at: index + 2) else { return try badEscape() }
    if let scalar = Unicode.Scalar(first) {
      index += 6
      return scalar
    }
    if first < 0xDC00, index + 7 < end, bytes[index + 6] == UInt8(ascii: "\\"),
      bytes[index + 7] == UInt8(ascii: "u"), let second = hex(at: index + 8),
      (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    {
      index += 12
      return scalar
    }
    return try badEscape()
  }

  /// Passes over `\u` and the digits that follow it, at most four.
  private mutating func badEscape() throws(JSONError) -> Unicode.Scalar {
    guard rules == .lenient else { throw error(.badEscape) }
    wasMended = true
    index += 2
    let last = min(index + 4, end)
    while index < last, Self.hexDigit(bytes[index]) != nil { index += 1 }
    return "\u{FFFD}"
  }

  private func hex(at start: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<start + 4] {
      guard let digit = Self.hexDigit(byte) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

/// The names of one object: a short list first, a set once it is no longer short.
private struct NameSet {
  private var list: [String] = []
  private var set: Set<String> = []

  var count: Int { max(list.count, set.count) }

  /// Adds a name; false when it was there.
  mutating func insert(_ name: String) -> Bool {
    if list.count < 16 {
      guard !list.contains(name) else { return false }
      list.append(name)
      return true
    }
    if set.isEmpty { set = Set(list) }
    return set.insert(name).inserted
  }
}

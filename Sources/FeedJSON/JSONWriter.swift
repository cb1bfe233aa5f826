public import FeedModel

/// Writes JSON text byte by byte, with commas and escapes in the right places.
///
/// What it writes is safe to print: C0, DEL and C1 controls, U+2028, U+2029 and the bidirectional
/// controls are escaped, so that `cat` of a file of ours cannot steer a terminal. No white space is
/// added. The caller opens and closes in pairs; nothing checks that.
public struct JSONWriter {
  /// The text so far, in UTF-8.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// Starts with nothing written.
  public init() {}

  /// Opens an object, as a value.
  public mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Closes the innermost object.
  public mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Opens an array, as a value.
  public mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Closes the innermost array.
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes the name of the next member.
  public mutating func key(_ name: String) {
    comma()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a text as a value.
  public mutating func value(_ text: String) {
    comma()
    quote(text)
  }

  /// Writes an id as a value.
  public mutating func value(_ id: HashID) {
    comma()
    bytes.append(UInt8(ascii: "\""))
    id.appendText(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a whole number as a value.
  public mutating func value(_ number: some BinaryInteger) {
    comma()
    bytes.append(contentsOf: String(number).utf8)
  }

  /// Writes a flag as a value.
  public mutating func value(_ flag: Bool) {
    comma()
    bytes.append(contentsOf: (flag ? "true" : "false").utf8)
  }

  /// Writes a number that may have a fraction as a value.
  ///
  /// What JSON has no form for becomes null.
  public mutating func value(_ number: Double) {
    // A whole number stands without `.0`, as long as JSON can tell it from the next one.
    if number.magnitude < 0x1p53, let whole = Int64(exactly: number) { return value(whole) }
    comma()
    bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
  }

  /// Writes null as a value.
  public mutating func null() {
    comma()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes a member, or nothing when the text is nil.
  public mutating func member(_ name: String, _ text: String?) {
    guard let text else { return }
    key(name)
    value(text)
  }

  /// Writes a member, or nothing when the number is nil.
  public mutating func member(_ name: String, _ number: (some BinaryInteger)?) {
    guard let number else { return }
    key(name)
    value(number)
  }

  /// Writes a member, or nothing when the number is nil.
  public mutating func member(_ name: String, _ number: Double?) {
    guard let number else { return }
    key(name)
    value(number)
  }

  /// Writes a member, or nothing when the flag is nil.
  public mutating func member(_ name: String, _ flag: Bool?) {
    guard let flag else { return }
    key(name)
    value(flag)
  }

  /// Writes a member whose value is an array of texts, or nothing when there are none.
  public mutating func member(_ name: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    key(name)
    beginArray()
    for text in texts { value(text) }
    endArray()
  }

  /// Appends a byte that belongs to the frame around JSON, such as a line feed.
  public mutating func raw(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = false
  }

  /// Appends text that is JSON already, as a value.
  public mutating func rawValue(_ json: some Sequence<UInt8>) {
    comma()
    bytes.append(contentsOf: json)
  }

  /// Makes room for so many bytes in all.
  public mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Hands over what was written so far and goes on where it stands, in the same memory.
  ///
  /// - Parameter take: Gets the bytes.
  public mutating func handOver(to take: ([UInt8]) -> Void) {
    take(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func comma() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    comma()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let source = text.utf8.span
    var index = 0
    while true {
      let start = index
      // Safe: the run lies within the span. Room is not reserved for each text: that would grow
      // the buffer by so little that it is copied for each text.
      unsafe source.withUnsafeBufferPointer { source in
        index = unsafe plainEnd(source, from: start)
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<index]))
      }
      guard index < source.count else { break }
      let byte = source[index]
      let rest = source.count - index
      let second = rest > 1 ? source[index + 1] : 0
      let third = rest > 2 ? source[index + 2] : 0
      switch (byte, second, third) {
      case (UInt8(ascii: "\""), _, _), (UInt8(ascii: "\\"), _, _):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
        index += 1
      case (0x0A, _, _): index += escape("n", length: 1)
      case (0x0D, _, _): index += escape("r", length: 1)
      case (0x09, _, _): index += escape("t", length: 1)
      case (0..<0x20, _, _), (0x7F, _, _): index += escape(UInt32(byte), length: 1)
      case (0xC2, 0x80...0x9F, _): index += escape(UInt32(second), length: 2)
      case (0xD8, 0x9C, _): index += escape(0x061C, length: 2)
      case (0xE2, 0x80, 0x8E...0x8F), (0xE2, 0x80, 0xA8...0xAE):
        index += escape(0x2000 + UInt32(third & 0x3F), length: 3)
      case (0xE2, 0x81, 0xA6...0xA9): index += escape(0x2040 + UInt32(third & 0x3F), length: 3)
      default:
        bytes.append(byte)
        index += 1
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ letter: Unicode.Scalar, length: Int) -> Int {
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: letter))
    return length
  }

  private mutating func escape(_ scalar: UInt32, length: Int) -> Int {
    bytes.append(contentsOf: "\\u".utf8)
    for shift in stride(from: 12, through: 0, by: -4) {
      let digit = UInt8(scalar >> UInt32(shift) & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
    return length
  }
}

/// Where the first byte stands that may need an escape, or the end: a control, a quote, a backslash,
/// or the lead byte of C1 controls (0xC2), of U+061C (0xD8), or of the separators and bidirectional
/// controls of U+2000 (0xE2).
///
/// Eight bytes are looked at together where all of them are ASCII.
private func plainEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
  // Safe: every index is below the count.
  let raw = UnsafeRawBufferPointer(text)
  var index = start
  while true {
    while text.count - index >= 8 {
      let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      let quotes = word ^ 0x2222_2222_2222_2222
      let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
      let deletes = word ^ 0x7F7F_7F7F_7F7F_7F7F
      // In each byte the high bit is set where the byte is zero, or below 0x20. A borrow can set
      // more of them behind the first hit, and only the first one counts.
      let hits =
        (quotes &- 0x0101_0101_0101_0101) & ~quotes
        | (backslashes &- 0x0101_0101_0101_0101) & ~backslashes
        | (deletes &- 0x0101_0101_0101_0101) & ~deletes
        | (word &- 0x2020_2020_2020_2020) & ~word
      if word & 0x8080_8080_8080_8080 != 0 { break }
      let first = hits & 0x8080_8080_8080_8080
      if first != 0 { return index + first.trailingZeroBitCount / 8 }
      index += 8
    }
    let end = min(index + 8, text.count)
    while index < end {
      switch unsafe text[index] {
      case ..<0x20, 0x22, 0x5C, 0x7F, 0xC2, 0xD8, 0xE2: return index
      default: index += 1
      }
    }
    if index == text.count { return index }
  }
}

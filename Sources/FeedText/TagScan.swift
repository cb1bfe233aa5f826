/// Finds where a tag ends, as the tokenizer of a browser does (HTML §13.2.5.8 to §13.2.5.40).
struct TagScan {
  /// The name in lower case.
  let name: String
  /// The first byte after the name.
  let nameEnd: Int
  /// How many attributes it has, repeated ones counted again.
  private(set) var attributes = 0
  /// The first byte after its `>`.
  private(set) var end: Int

  /// Reads a tag; nil when the text ends before the tag does.
  ///
  /// - Parameters:
  ///   - input: The HTML text.
  ///   - start: Where the name begins.
  init?(_ input: [UInt8], at start: Int) {
    var index = start
    while index < input.count, input[index].isTagNameByte { index += 1 }
    // Longer names than any that is known are not worth a copy.
    name = String(
      decoding: input[start..<min(index, start + 32)].lazy
        .map {
          (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0
        },
      as: UTF8.self
    )
    nameEnd = index
    end = index
    while index < input.count {
      switch input[index] {
      case UInt8(ascii: ">"):
        end = index + 1
        return
      case UInt8(ascii: "/"): index += 1
      case let byte where byte.isHTMLSpace: index += 1
      default:
        attributes += 1
        index = Self.afterAttribute(input, from: index)
      }
    }
    return nil
  }

  /// The first byte after one attribute, its value included.
  private static func afterAttribute(_ input: [UInt8], from start: Int) -> Int {
    // An equals sign in the first place belongs to the name.
    var index = start + 1
    while index < input.count, input[index].isTagNameByte, input[index] != UInt8(ascii: "=") {
      index += 1
    }
    var value = index
    while value < input.count, input[value].isHTMLSpace { value += 1 }
    guard value < input.count, input[value] == UInt8(ascii: "=") else { return index }
    index = value + 1
    while index < input.count, input[index].isHTMLSpace { index += 1 }
    guard index < input.count else { return index }
    let quote = input[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      index += 1
      while index < input.count, input[index] != quote { index += 1 }
      return min(index + 1, input.count)
    }
    while index < input.count, !input[index].isHTMLSpace, input[index] != UInt8(ascii: ">") {
      index += 1
    }
    return index
  }
}

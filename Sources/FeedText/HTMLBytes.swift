extension UInt8 {
  /// HTML §13.2.5, white space: tab, line feed, form feed, carriage return, space.
  var isHTMLSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D
  }

  /// A letter of ASCII.
  var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

  /// A byte that does not end the name of a tag (HTML §13.2.5.8).
  var isTagNameByte: Bool {
    !isHTMLSpace && self != UInt8(ascii: "/") && self != UInt8(ascii: ">")
  }
}

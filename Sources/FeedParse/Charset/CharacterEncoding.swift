/// An encoding that documents come in.
enum CharacterEncoding: Hashable {
  /// UTF-8; bytes that are not are read as windows-1252.
  case utf8
  /// UTF-16 or UTF-32 with the given number of bytes to a unit.
  case wide(unitBytes: Int, isBigEndian: Bool)
  /// What browsers read for ISO-8859-1 and US-ASCII as well (WHATWG Encoding).
  case windows1252
  /// Any other, by the name that iconv has for it.
  case iconv(String)

  /// Finds an encoding by the label that a document or a server gives it; nil when it is not known.
  ///
  /// As in the WHATWG Encoding standard, a label stands for the larger encoding that it means.
  init?(label: String) {
    if label == "utf-8" || label == "UTF-8" {
      self = .utf8
      return
    }
    let name = label.lowercased().filter { !$0.isWhitespace && !"_-:".contains($0) }
    guard let encoding = EncodingLabels.byName[name] else { return nil }
    self = encoding
  }

  /// Its texts are ASCII to the eye, so looking like UTF-8 proves nothing.
  var hidesInASCII: Bool {
    switch self {
    case .iconv(let name): name.hasPrefix("ISO-2022") || name.hasPrefix("UTF-7")
    default: false
    }
  }

  /// Its letters are not those of ASCII, so that a declaration in ASCII is wrong about it.
  var isEBCDIC: Bool {
    if case .iconv(let name) = self { EncodingLabels.ebcdic.contains(name) } else { false }
  }
}

/// Turns the bytes of a page into text.
///
/// UTF-8 where the bytes are valid, or where nothing else is claimed; then each bad sequence
/// becomes U+FFFD. Only windows-1252 and its subsets are read otherwise: what is looked for in a
/// page is written in ASCII.
func decodedPage(_ bytes: [UInt8]) -> String {
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  guard claimsWindows1252(bytes) else { return String(decoding: bytes, as: UTF8.self) }
  var text = String.UnicodeScalarView()
  for byte in bytes {
    text.append(
      Unicode.Scalar(0x80...0x9F ~= byte ? windows1252[Int(byte) - 0x80] : UInt16(byte))
        ?? "\u{FFFD}"
    )
  }
  return String(text)
}

/// HTML §13.2.3.2: a `meta` in the first 1,024 bytes names the encoding.
private func claimsWindows1252(_ bytes: [UInt8]) -> Bool {
  let start = String(decoding: bytes.prefix(1024), as: UTF8.self).lowercased()
  guard let name = start.split(separator: "charset", maxSplits: 1).dropFirst().first else {
    return false
  }
  let label = name.drop { $0.isWhitespace || "=\"'".contains($0) }
    .prefix { $0.isLetter || $0.isNumber || "-_:".contains($0) }
  return [
    "windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "latin1", "latin-1",
    "us-ascii", "ascii",
  ]
  .contains(String(label))
}

/// Encoding Standard, index-windows-1252: what the bytes 0x80 to 0x9F stand for.
private let windows1252: [UInt16] = [
  0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
  0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
]

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
  init?(label: some StringProtocol) {
    let name = label.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    guard let encoding = Self.byName[name] else {
      return nil
    }
    self = encoding
  }

  /// Its texts are ASCII to the eye, so looking like UTF-8 proves nothing.
  var hidesInASCII: Bool {
    switch self {
    case .iconv(let name): name.hasPrefix("ISO-2022") || name.hasPrefix("UTF-7")
    default: false
    }
  }

  /// By label without `-`, `_` and white space.
  private static let byName: [String: CharacterEncoding] = {
    var table: [String: CharacterEncoding] = [
      "utf8": .utf8, "unicode11utf8": .utf8, "unicode20utf8": .utf8, "xunicode20utf8": .utf8,
      "utf16": .wide(unitBytes: 2, isBigEndian: false),
      "utf16le": .wide(unitBytes: 2, isBigEndian: false),
      "utf16be": .wide(unitBytes: 2, isBigEndian: true),
      "ucs2": .wide(unitBytes: 2, isBigEndian: false),
      "iso10646ucs2": .wide(unitBytes: 2, isBigEndian: false),
      "unicode": .wide(unitBytes: 2, isBigEndian: false),
      "utf32": .wide(unitBytes: 4, isBigEndian: true),
      "utf32le": .wide(unitBytes: 4, isBigEndian: false),
      "utf32be": .wide(unitBytes: 4, isBigEndian: true),
    ]
    for name in [
      "windows1252", "cp1252", "xcp1252", "iso88591", "iso885911987", "isoir100", "latin1", "l1",
      "usascii", "ascii", "ansix3.41968", "cp819", "ibm819", "csisolatin1",
    ] {
      table[name] = .windows1252
    }
    for part in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] {
      table["iso8859\(part)"] = .iconv("ISO-8859-\(part)")
    }
    for page in [1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258] {
      for name in ["windows\(page)", "cp\(page)", "xcp\(page)"] {
        table[name] = .iconv("CP\(page)")
      }
    }
    let others: [(String, [String])] = [
      ("ISO-8859-2", ["latin2", "l2"]), ("ISO-8859-15", ["latin9", "l9"]),
      ("CP1254", ["iso88599", "latin5", "l5"]),
      ("CP874", ["windows874", "iso885911", "tis620", "dos874"]),
      ("KOI8-R", ["koi8r", "koi8", "koi"]), ("KOI8-U", ["koi8u", "koi8ru"]),
      ("CP866", ["ibm866", "cp866", "866"]), ("CP437", ["cp437", "ibm437"]),
      ("CP850", ["cp850", "ibm850"]), ("CP852", ["cp852", "ibm852"]),
      ("MACINTOSH", ["macintosh", "mac", "macroman", "xmacroman"]),
      ("MAC-CYRILLIC", ["xmaccyrillic", "maccyrillic"]),
      ("GB18030", ["gb18030", "gbk", "gb2312", "xgbk", "cp936", "chinese", "euccn", "gb231280"]),
      ("BIG5-HKSCS", ["big5", "big5hkscs", "cnbig5", "xxbig5"]),
      ("CP932", ["shiftjis", "sjis", "xsjis", "mskanji", "windows31j", "cp932", "ms932"]),
      ("EUC-JP", ["eucjp", "xeucjp", "ujis"]), ("ISO-2022-JP", ["iso2022jp", "jis"]),
      ("CP949", ["euckr", "ksc56011987", "ksc5601", "korean", "windows949", "cp949", "uhc"]),
      ("ISO-2022-KR", ["iso2022kr"]), ("HZ", ["hz", "hzgb2312"]), ("EUC-TW", ["euctw", "xeuctw"]),
      ("UTF-7", ["utf7"]), ("JOHAB", ["johab"]), ("VISCII", ["viscii"]), ("TCVN", ["tcvn"]),
      ("IBM037", ["ebcdiccpus", "cp037", "ibm037"]),
    ]
    for (name, labels) in others {
      for label in labels { table[label] = .iconv(name) }
    }
    return table
  }()
}

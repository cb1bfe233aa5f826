/// The labels of encodings, those of the WHATWG Encoding standard and those that databases and old
/// systems write.
///
/// A fixed list: what a document names is never handed to iconv as it is.
enum EncodingLabels {
  /// By label in lower case without `-`, `_`, `:` and white space.
  static let byName: [String: CharacterEncoding] = {
    var table: [String: CharacterEncoding] = [:]
    for (encoding, labels) in unicode + [(.windows1252, western)] {
      for label in words(labels) { table[label] = encoding }
    }
    for part in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] {
      for label in ["iso8859\(part)", "8859\(part)", "csiso8859\(part)"] {
        table[label] = .iconv("ISO-8859-\(part)")
      }
    }
    for page in [1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258] {
      for label in ["windows\(page)", "win\(page)", "cp\(page)", "xcp\(page)", "\(page)"] {
        table[label] = .iconv("CP\(page)")
      }
    }
    for page in codePages {
      for label in ["cp\(page)", "ibm\(page)", "csibm\(page)", "\(page)"] {
        table[label] = .iconv("CP\(page)")
      }
    }
    for (name, labels) in others {
      for label in words(labels) { table[label] = .iconv(name) }
    }
    return table
  }()

  /// Those of IBM's mainframes, by the name that iconv has for them.
  static let ebcdic: Set<String> = [
    "IBM037", "IBM273", "IBM424", "IBM500", "IBM875", "IBM1026", "IBM1047", "IBM1140",
  ]

  private static func words(_ list: String) -> [String] {
    list.split(separator: " ").map(String.init)
  }

  private static let unicode: [(CharacterEncoding, String)] = [
    (.utf8, "utf8 u8 utf8sig unicode11utf8 unicode20utf8 xunicode20utf8 csutf8"),
    (
      .wide(unitBytes: 2, isBigEndian: false),
      "utf16 utf16le u16 ucs2 iso10646ucs2 unicode csunicode unicodefeff"
    ),
    (.wide(unitBytes: 2, isBigEndian: true), "utf16be unicodefffe unicodebigunmarked"),
    (.wide(unitBytes: 4, isBigEndian: true), "utf32 utf32be u32 ucs4 iso10646ucs4 csucs4"),
    (.wide(unitBytes: 4, isBigEndian: false), "utf32le"),
  ]

  private static let western = """
    windows1252 win1252 cp1252 xcp1252 1252 iso88591 8859 885911 88591 iso885911987 isoir100 latin1 \
    l1 usascii ascii ansix3.41968 ansi cp819 ibm819 819 csisolatin1 iso646us us
    """

  /// Pages of DOS that iconv calls by their number.
  private static let codePages = [
    437, 737, 775, 850, 852, 855, 856, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869,
  ]

  private static let others: [(String, String)] = [
    ("ISO-8859-2", "latin2 l2 csisolatin2 isoir101 iso885921987"),
    ("ISO-8859-3", "latin3 l3 csisolatin3 isoir109 iso885931988"),
    ("ISO-8859-4", "latin4 l4 csisolatin4 isoir110 iso885941988"),
    ("ISO-8859-5", "cyrillic csisolatincyrillic isoir144 iso885951988"),
    (
      "ISO-8859-6",
      "arabic asmo708 ecma114 csisolatinarabic isoir127 iso885961987 iso88596i iso88596e"
    ),
    ("ISO-8859-7", "greek greek8 ecma118 elot928 suneugreek csisolatingreek isoir126 iso885971987"),
    (
      "ISO-8859-8",
      "hebrew visual logical csisolatinhebrew isoir138 iso885981988 iso88598i iso88598e"
    ),
    ("ISO-8859-10", "latin6 l6 csisolatin6 isoir157"),
    ("ISO-8859-13", "latin7 l7"), ("ISO-8859-14", "latin8 l8 isoceltic"),
    ("ISO-8859-15", "latin9 l9 csisolatin9"), ("ISO-8859-16", "latin10 l10"),
    ("CP1254", "iso88599 88599 latin5 l5 csisolatin5 isoir148 iso885991989"),
    ("CP874", "windows874 cp874 874 iso885911 iso8859112001 tis620 dos874 thai isoir166"),
    ("KOI8-R", "koi8r koi8 koi cskoi8r"), ("KOI8-U", "koi8u koi8ru"), ("KOI8-T", "koi8t"),
    ("CP1125", "cp1125 ibm1125 1125 ruscii cp866u"), ("IBM866", "csibm866"),
    ("PT154", "ptcp154 pt154 cp154 csptcp154 cyrillicasian"),
    ("RK1048", "kz1048 rk1048 strk10482002"),
    ("HP-ROMAN8", "hproman8 roman8 r8 cp1051 ibm1051 cshproman8"),
    ("MACINTOSH", "macintosh mac macroman xmacroman csmacintosh"),
    ("MAC-CYRILLIC", "xmaccyrillic maccyrillic xmacukrainian"),
    ("MAC-CENTRALEUROPE", "maccentraleurope maccenteuro maclatin2 macce xmacce"),
    ("MAC-IS", "maciceland xmacicelandic"),
    (
      "GB18030",
      """
      gb18030 gb180302000 gbk xgbk gb2312 gb231280 gb23121980 csgb2312 csiso58gb231280 isoir58 \
      cp936 936 ms936 windows936 chinese euccn eucgb2312cn xmacsimpchinese
      """
    ),
    (
      "BIG5-HKSCS",
      "big5 big5hkscs big5tw cnbig5 xxbig5 csbig5 hkscs cp950 950 ms950 xmactradchinese"
    ),
    (
      "CP932",
      "shiftjis sjis xsjis csshiftjis mskanji windows31j cp932 932 ms932 xmacjapanese"
    ),
    ("SHIFT_JISX0213", "shiftjisx0213 sjisx0213 shiftjis2004 sjis2004"),
    ("EUC-JP", "eucjp xeucjp ujis cseucpkdfmtjapanese"),
    ("EUC-JISX0213", "eucjisx0213 eucjis2004 jisx0213"),
    ("ISO-2022-JP", "iso2022jp jis csiso2022jp"),
    ("ISO-2022-JP-2", "iso2022jp1 iso2022jp2 iso2022jpext"),
    ("ISO-2022-JP-3", "iso2022jp3 iso2022jp2004"),
    (
      "CP949",
      """
      euckr cseuckr ksc56011987 ksc56011989 ksc5601 ksx1001 csksc56011987 isoir149 korean \
      windows949 cp949 949 ms949 uhc xmackorean
      """
    ),
    ("ISO-2022-KR", "iso2022kr csiso2022kr"), ("EUC-TW", "euctw xeuctw"),
    ("UTF-7", "utf7 u7 unicode11utf7 csunicode11utf7"), ("JOHAB", "johab cp1361 ms1361"),
    ("VISCII", "viscii csviscii"), ("TCVN", "tcvn"),
    ("IBM037", "cp037 ibm037 037 csibm037 ebcdiccpus ebcdiccpca ebcdiccpwt ebcdiccpnl ibm039"),
    ("IBM273", "cp273 ibm273 273 csibm273"), ("IBM424", "cp424 ibm424 424 csibm424 ebcdiccphe"),
    ("IBM500", "cp500 ibm500 500 csibm500 ebcdiccpbe ebcdiccpch"), ("IBM875", "cp875 ibm875"),
    ("IBM1026", "cp1026 ibm1026 1026 csibm1026"), ("IBM1047", "cp1047 ibm1047"),
    ("IBM1140", "cp1140 ibm1140 1140"),
  ]
}

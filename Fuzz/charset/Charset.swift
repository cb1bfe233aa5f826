import FuzzSupport

/// The first byte chooses a label and whether the rest is a whole document or a title.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { bytes in
    guard let choice = bytes.first else { return }
    let label = labels[Int(choice & 0x7F) % labels.count]
    var document = Array(bytes.dropFirst())
    if choice < 0x80 {
      document =
        Array("<rss><channel><item><title>".utf8) + document
        + Array("</title><description>\u{FE}".utf8) + document
        + Array("</description></item></channel></rss>".utf8)
    }
    checkDocument(document, contentType: label.map { "text/xml; charset=\($0)" })
  }
}

private let labels = [
  nil, "utf-8", "iso-8859-1", "windows-1252", "windows-1251", "koi8-r", "shift_jis", "euc-jp",
  "euc-kr", "gb2312", "gb18030", "big5", "iso-2022-jp", "utf-7", "utf-16", "utf-16le", "utf-16be",
  "utf-32", "utf-32be", "iso-8859-2", "iso-8859-7", "iso-8859-15", "windows-1255", "windows-874",
  "tis-620", "macintosh", "ibm866", "us-ascii", "klingon", "", "\"utf-8", "utf-8; charset=big5",
]

import FeedModel
@testable import FeedParse
import FuzzSupport

/// Any text may stand for a date: reading it ends, and what was read can be written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    let date = DateParser.timestamp(text)
    expect(date == DateParser.timestamp(text), "The same text gives another date.")
    guard let date else { return }
    expect(date >= .earliest && date <= .latest, "A date beyond the calendar.")
    let written = date.description
    expect(Timestamp(rfc3339: written) == date, "\(written) reads back as another date.")
    expect(
      DateParser.timestamp(written) == date,
      "\(written) is another date to the feeds' reader."
    )
  }
}

import FeedModel
import FuzzSupport

/// A URL, and behind the first newline a reference to resolve against it.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { bytes in
    let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    let texts = parts.map { String(decoding: $0, as: UTF8.self) }
    guard let first = texts.first, let base = WebURL(first) else { return }
    check(base)
    if texts.count > 1, let target = base.resolving(texts[1]) { check(target) }
  }
}

private func check(_ url: WebURL) {
  let text = url.text
  expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "Bytes that no URL has: \(text)")
  guard let again = WebURL(text) else {
    return expect(false, "What was read cannot be read again: \(text)")
  }
  expect(again == url, "\(text) reads back as \(again.text), as \(again) and not \(url).")
  expect(url.host?.utf8.contains(UInt8(ascii: "/")) != true, "A host with a slash: \(text)")
  expect(url.resolving("")?.withoutFragment == url.withoutFragment, "Nothing leads from \(text).")
  _ = url.origin
  _ = url.isWeb
}

import FeedJSON
import FuzzSupport

/// Any bytes are JSON, by both rules, and a JSON Feed.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { bytes in
    let strict = value(of: bytes, .strict)
    if let strict {
      expect(strict == value(of: bytes, .lenient), "What is right means something else leniently.")
    }
    if let value = value(of: bytes, .lenient) { checkReadsBack(value) }
    checkDocument(bytes)
  }
}

private func value(of bytes: [UInt8], _ rules: JSONReader.Rules) -> JSONValue? {
  var reader = JSONReader(bytes, rules: rules)
  do throws(JSONError) {
    let value = try reader.value()
    try reader.finish()
    return value
  } catch {
    expect(error.offset >= 0 && error.offset <= bytes.count, "An error outside of the text.")
    return nil
  }
}

/// What was read is written and read again, strictly.
private func checkReadsBack(_ tree: JSONValue) {
  var json = JSONWriter()
  write(tree, to: &json)
  expect(value(of: json.bytes, .strict) == tree, "A value reads back as another.")
}

private func write(_ value: JSONValue, to json: inout JSONWriter) {
  switch value {
  case .null: json.null()
  case .bool(let flag): json.value(flag)
  case .number(let text): json.rawValue(text.utf8)
  case .string(let text): json.value(text)
  case .array(let elements):
    json.beginArray()
    for element in elements { write(element, to: &json) }
    json.endArray()
  case .object(let members):
    json.beginObject()
    for (name, member) in members {
      json.key(name)
      write(member, to: &json)
    }
    json.endObject()
  }
}

extension JSONWriter {
  /// Writes a member whose value is an array, or nothing when there are no elements.
  public mutating func members<Element>(
    _ name: String,
    _ elements: [Element],
    write: (Element, inout JSONWriter) -> Void
  ) {
    guard !elements.isEmpty else { return }
    key(name)
    beginArray()
    for element in elements { write(element, &self) }
    endArray()
  }

  /// Writes a member whose value is an object, or nothing when there is no value.
  mutating func member<Value>(
    _ name: String,
    _ value: Value?,
    write: (Value, inout JSONWriter) -> Void
  ) {
    guard let value else { return }
    key(name)
    write(value, &self)
  }
}

extension JSONReader {
  /// Reads an array of whatever `element` reads.
  mutating func elements<Element>(
    _ element: (inout JSONReader) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    var elements: [Element] = []
    try array { json throws(JSONError) in elements.append(try element(&json)) }
    return elements
  }

  /// Reads an array of strings.
  mutating func strings() throws(JSONError) -> [String] {
    try elements { json throws(JSONError) in try json.string() }
  }

  /// Reads a whole number as one that counts something.
  mutating func count() throws(JSONError) -> Int { Int(try integer()) }
}

/// The attributes of one start tag.
///
/// Valid only during the call that hands them over: the values lie in libxml2's buffers.
@safe struct XMLAttributes {
  private let base: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  private let names: XMLNames
  /// How many there are.
  let count: Int

  /// - Parameters:
  ///   - base: For each attribute its local name, prefix, namespace, and the start and the end of
  ///     its value.
  ///   - count: How many there are.
  ///   - names: The names of the document.
  init(_ base: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, count: Int, names: XMLNames) {
    unsafe self.base = unsafe base
    self.count = unsafe base == nil ? 0 : count
    self.names = names
  }

  /// The name of an attribute, by its place.
  func name(at index: Int) -> XMLName {
    let entry = unsafe entry(at: index)
    return names.name(unsafe QualifiedName(local: entry[0], prefix: entry[1], uri: entry[2]))
  }

  /// The value of an attribute, by its place.
  func value(at index: Int) -> String {
    let entry = unsafe entry(at: index)
    guard let start = unsafe entry[3], let end = unsafe entry[4] else { return "" }
    let value = String(validUTF8: unsafe Span(_unsafeStart: start, count: end - start))
    // Without entity substitution libxml2 leaves each ampersand of a value as `&#38;`, and no
    // other reference.
    return value.holds("&") ? Self.replacingAmpersands(value) : value
  }

  private func entry(at index: Int) -> UnsafeMutablePointer<UnsafePointer<UInt8>?> {
    guard let base = unsafe base, index >= 0, index < count else {
      preconditionFailure("There is no such attribute.")
    }
    return unsafe base + 5 * index
  }

  /// The value of the first attribute of a name without a namespace; nil when there is none.
  subscript(_ element: ElementName) -> String? { self[.none, element] }

  /// The value of the first attribute of a name in a namespace; nil when there is none.
  subscript(_ namespace: XMLNamespace, _ element: ElementName) -> String? {
    for index in 0..<count {
      let name = name(at: index)
      if name.element == element, name.namespace == namespace { return value(at: index) }
    }
    return nil
  }

  private static func replacingAmpersands(_ value: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.utf8.count)
    let source = value.utf8.span
    var index = 0
    while index < source.count {
      bytes.append(source[index])
      index += Bytes.hasPrefix("&#38;", in: source, at: index) ? 5 : 1
    }
    return String(validUTF8: bytes)
  }
}

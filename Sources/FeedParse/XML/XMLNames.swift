/// A name as libxml2 hands it over, by the addresses of its parts.
///
/// libxml2 keeps each part of a name once for a document, so the same addresses are the same name.
struct QualifiedName: Hashable {
  fileprivate let local: UInt
  fileprivate let prefix: UInt
  fileprivate let uri: UInt

  /// The parts of a name; they lie in libxml2's dictionary.
  init(
    local: UnsafePointer<UInt8>?,
    prefix: UnsafePointer<UInt8>?,
    uri: UnsafePointer<UInt8>?
  ) {
    self.local = UInt(bitPattern: local)
    self.prefix = UInt(bitPattern: prefix)
    self.uri = UInt(bitPattern: uri)
  }

  /// The namespace alone.
  fileprivate var withoutLocal: QualifiedName {
    QualifiedName(local: 0, prefix: prefix, uri: uri)
  }

  private init(local: UInt, prefix: UInt, uri: UInt) {
    self.local = local
    self.prefix = prefix
    self.uri = uri
  }

  /// A place in a table of 256.
  fileprivate var slot: Int {
    // Fibonacci hashing: the addresses differ in their low bits, and the product's high ones mix.
    Int((UInt64(local ^ prefix << 1 ^ uri << 2) &* 0x9E37_79B9_7F4A_7C15) >> 56)
  }
}

/// The names of a document by what libxml2 calls them.
///
/// A small direct-mapped table stands before a dictionary that holds them all.
final class XMLNames {
  private var slots: [(key: QualifiedName, name: XMLName)?] = Array(repeating: nil, count: 256)
  private var names: [QualifiedName: XMLName] = [:]
  /// Vocabularies by prefix and address: a few, where names are many.
  private var namespaces: [QualifiedName: XMLNamespace] = [:]
  /// Keeps what each `XMLName` points to.
  private var texts: [XMLName.Texts] = []

  /// How many different names were met.
  var count: Int { names.count }

  /// What a name means.
  func name(_ key: QualifiedName) -> XMLName {
    let slot = key.slot
    if let (known, name) = slots[slot], known == key { return name }
    let name = names[key] ?? add(key)
    slots[slot] = (key, name)
    return name
  }

  private func add(_ key: QualifiedName) -> XMLName {
    let local = Self.string(key.local) ?? ""
    let prefix = Self.string(key.prefix)
    let texts = XMLName.Texts(local: local, prefix: prefix)
    self.texts.append(texts)
    let frame = key.withoutLocal
    let namespace =
      namespaces[frame] ?? XMLNamespace(uri: Self.string(key.uri), prefix: prefix)
    namespaces[frame] = namespace
    let name = XMLName(
      namespace: namespace,
      element: ElementName(local),
      texts: texts
    )
    names[key] = name
    return name
  }

  private static func string(_ address: UInt) -> String? {
    // Safe: libxml2 keeps the text as long as the document is read, and this is only asked then.
    unsafe UnsafePointer<UInt8>(bitPattern: address).map { unsafe String(cString: $0) }
  }
}

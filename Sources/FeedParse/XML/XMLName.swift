/// A name as a document uses it.
///
/// It holds no reference that is counted: names are handed around for every tag. `XMLNames` keeps
/// its texts for as long as the document is read, and no longer may it be used.
@safe struct XMLName {
  /// A name as it was written.
  final class Texts {
    let local: String
    let prefix: String?
    let qualified: String

    init(local: String, prefix: String?) {
      self.local = local
      self.prefix = prefix
      qualified = prefix.map { $0.isEmpty ? local : $0 + ":" + local } ?? local
    }
  }

  /// Which vocabulary it belongs to.
  let namespace: XMLNamespace
  /// What it is there; `.other` for names that mean nothing to us.
  let element: ElementName
  private let texts: Unmanaged<Texts>

  init(namespace: XMLNamespace, element: ElementName, texts: Texts) {
    self.namespace = namespace
    self.element = element
    unsafe self.texts = Unmanaged.passUnretained(texts)
  }

  /// The name without its prefix, as it was written.
  var local: String { unsafe texts._withUnsafeGuaranteedRef { $0.local } }

  /// The prefix, as it was written; nil when there is none.
  var prefix: String? { unsafe texts._withUnsafeGuaranteedRef { $0.prefix } }

  /// The name with its prefix, as it was written.
  var qualified: String { unsafe texts._withUnsafeGuaranteedRef { $0.qualified } }
}

import FeedModel

/// Replaces the references of texts that were lifted out of a document's frame.
///
/// It gives what libxml2 would give for the same text, mended by the guard.
struct TextDecoder {
  /// What stands for a reference, and where the text goes on.
  var decoded: [UInt8] = []
  private var entities: Entities
  /// The last reference by a name that nobody declared, and where it stands.
  private var undeclared: (range: Range<Int>, reference: Reference)?
  private let hasReturns: Bool

  /// - Parameters:
  ///   - document: The document.
  ///   - entities: What its DOCTYPE declares.
  init(_ document: Span<UInt8>, entities: Entities) {
    self.entities = entities
    hasReturns = Bytes.find(0x0D, in: document, 0..<document.count) < document.count
  }

  /// Replaces the references of a text; afterwards it is in `decoded`.
  ///
  /// - Returns: False when there is nothing to replace: the text is as it stands in the document.
  mutating func decode(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    mended: (Reference.Trouble, Int) -> Void
  ) -> Bool {
    let first = Bytes.find(UInt8(ascii: "&"), in: bytes, range)
    guard first < range.upperBound || hasReturns else { return false }
    decoded.removeAll(keepingCapacity: true)
    var index = range.lowerBound
    while index < range.upperBound {
      index = appendPlain(bytes, index..<range.upperBound)
      guard index < range.upperBound else { break }
      let reference = reference(bytes, at: index, end: range.upperBound)
      if let trouble = reference.trouble { mended(trouble, index) }
      decoded.append(contentsOf: reference.text)
      index = reference.end
    }
    return true
  }

  /// Reads the reference at an ampersand; one that nobody declared often stands there again.
  private mutating func reference(_ bytes: Span<UInt8>, at start: Int, end: Int) -> Reference {
    if let (range, known) = undeclared, range.count <= end - start,
      range.indices.allSatisfy({ bytes[$0] == bytes[start + $0 - range.lowerBound] })
    {
      var known = known
      known.end = start + range.count
      return known
    }
    let reference = Reference(bytes, at: start, end: end, entities: &entities)
    if reference.trouble?.kind == .undeclaredEntity {
      undeclared = (start..<reference.end, reference)
    }
    return reference
  }

  /// Appends text with the five references that XML names, as far as there are no others.
  ///
  /// - Returns: Where an ampersand of another kind stands; the end of the text when none does.
  private mutating func appendPlain(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    let hasReturns = hasReturns
    // No reference is shorter than the byte that it stands for.
    decoded.append(addingCapacity: range.count) { output in
      while true {
        let ampersand = Bytes.find(UInt8(ascii: "&"), in: bytes, index..<range.upperBound)
        Self.append(bytes, index..<ampersand, hasReturns: hasReturns, to: &output)
        index = ampersand
        guard index < range.upperBound,
          let (byte, end) = Reference.predefined(bytes, at: index, end: range.upperBound)
        else { return }
        output.append(byte)
        index = end
      }
    }
    return index
  }

  /// Appends a run without references, its line ends made one (XML 1.0 §2.11).
  @inline(__always)
  private static func append(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    hasReturns: Bool,
    to output: inout OutputSpan<UInt8>
  ) {
    guard hasReturns else { return output.append(bytes, range) }
    var start = range.lowerBound
    while true {
      let place = Bytes.find(0x0D, in: bytes, start..<range.upperBound)
      output.append(bytes, start..<place)
      guard place < range.upperBound else { return }
      start = place + 1
      let isPair = start < bytes.count && bytes[start] == 0x0A
      if !isPair { output.append(0x0A) }
    }
  }
}

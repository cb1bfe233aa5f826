import FeedModel

/// Undoes the compression of a body (RFC 9110 §8.4).
///
/// What the first bytes are decides, not what the label says: bodies are sent compressed without a
/// label and plain with one. Raw deflate and brotli have no mark of their own and need the label;
/// brotli is also tried where a body is no text and nothing else. Every compressed stream must
/// reach its end, and its checksum must hold.
///
/// - Parameters:
///   - body: As it came over the wire.
///   - label: All `Content-Encoding` fields.
///   - bytesMax: The most bytes that any layer may have.
/// - Returns: The plain bytes; at most two layers are undone.
/// - Throws: `badEncoding` or `tooLarge`.
func decode(
  _ body: consuming [UInt8],
  label: String?,
  bytesMax: Int
) throws(FetchFailure) -> [UInt8] {
  var bytes = body
  // The one that was applied last is undone first.
  var labels = Compression.labelled(label)
  for _ in 0..<2 {
    let layer = try decodeLayer(bytes, label: labels.popLast(), bytesMax: bytesMax)
    guard let plain = layer else { return bytes }
    bytes = plain
  }
  guard Compression(markOf: bytes[...]) == nil else {
    throw .badEncoding(detail: "more than two layers")
  }
  return bytes
}

/// Undoes one layer; nil when there is none.
private func decodeLayer(
  _ bytes: [UInt8],
  label: Compression?,
  bytesMax: Int
) throws(FetchFailure) -> [UInt8]? {
  if let mark = Compression(markOf: bytes[...]), (mark, label) != (.zlib, .brotli) {
    return try undo(mark, of: bytes, bytesMax: bytesMax).plain
  }
  // No stream of brotli begins like markup, as nearly every body does.
  guard let first = bytes.first, label != nil || first != UInt8(ascii: "<") else { return nil }
  switch label {
  case .rawDeflate, .brotli:
    guard let label else { return nil }
    do {
      let (plain, end) = try undo(label, of: bytes, bytesMax: bytesMax)
      // Text may look like a stream for a few bytes.
      if bytes.count - end <= 8 || !isText(bytes) { return plain }
      return nil
    } catch .badEncoding(let detail) {
      // Quirk: plain text labelled deflate or br. Seen: servers that set the field for every response. Fixture: Tests/FeedFetchTests/DecodeTests.swift
      if isText(bytes) { return nil }
      throw .badEncoding(detail: detail)
    }
  default:
    guard !isText(bytes) else { return nil }
    do {
      let (plain, end) = try undo(.brotli, of: bytes, bytesMax: bytesMax)
      return end == bytes.count ? plain : nil
    } catch .badEncoding {
      return nil
    }
  }
}

/// Undoes one format from the first byte on.
///
/// Of gzip and zstd all members or frames count (RFC 1952 §2.2, RFC 8878 §3); what else follows is
/// ignored.
///
/// - Returns: The plain bytes, and where the compressed ones end.
private func undo(
  _ format: Compression,
  of bytes: [UInt8],
  bytesMax: Int
) throws(FetchFailure) -> (plain: [UInt8], end: Int) {
  switch format {
  case .gzip: try undo(format, with: Inflater(.gzip), of: bytes, bytesMax: bytesMax)
  case .zlib: try undo(format, with: Inflater(.zlib), of: bytes, bytesMax: bytesMax)
  case .rawDeflate: try undo(format, with: Inflater(.raw), of: bytes, bytesMax: bytesMax)
  case .brotli: try undo(format, with: BrotliDecoder(), of: bytes, bytesMax: bytesMax)
  case .zstd: try undo(format, with: ZstdDecoder(), of: bytes, bytesMax: bytesMax)
  }
}

private func undo(
  _ format: Compression,
  with decoder: consuming (some StreamDecoder & ~Copyable)?,
  of bytes: [UInt8],
  bytesMax: Int
) throws(FetchFailure) -> (plain: [UInt8], end: Int) {
  guard let decoder else { throw .badEncoding(detail: "out of memory") }
  let expected = format == .gzip ? declaredCount(bytes) : bytes.count * 4
  var plain = BoundedBytes(bytesMax: bytesMax, expected: expected)
  var offset = 0
  repeat {
    switch decoder.decode(bytes, from: offset, into: &plain) {
    case .ended(let next): offset = next
    case .tooLarge: throw .tooLarge(limitBytes: bytesMax)
    case .cut: throw .badEncoding(detail: "the compressed data ends too early")
    case .damaged(let detail): throw .badEncoding(detail: detail)
    }
  } while format.hasMembers && isMember(bytes[offset...], of: format)
  return (plain.take(), offset)
}

/// Another member of the format begins here: gzip's third byte is looked at too, since two are
/// soon there by chance.
private func isMember(_ rest: ArraySlice<UInt8>, of format: Compression) -> Bool {
  Compression(markOf: rest) == format
    && (format != .gzip || rest.dropFirst(2).first == 8)
}

/// How many bytes the last four of a gzip member promise, where that is possible at all.
///
/// Only a hint for the first allocation: deflate shrinks by less than 1032 to 1.
private func declaredCount(_ bytes: [UInt8]) -> Int {
  let count = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  return count <= bytes.count * 1032 ? count : bytes.count * 4
}

/// The bytes begin as a text does: with a byte order mark, with `<` in UTF-16, or with no control
/// character but those that stand in texts.
private func isText(_ bytes: [UInt8]) -> Bool {
  let marks: [[UInt8]] = [
    [0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE], [0x3C, 0], [0, 0x3C],
  ]
  if marks.contains(where: { bytes.starts(with: $0) }) { return true }
  return bytes.prefix(1024)
    .allSatisfy { byte in
      switch byte {
      // White space, and what ISO-2022 switches its sets with.
      case 0x09...0x0D, 0x0E, 0x0F, 0x1B: true
      default: byte >= 0x20 && byte != 0x7F
      }
    }
}

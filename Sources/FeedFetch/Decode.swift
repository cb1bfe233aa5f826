import FeedModel

/// Undoes the compression of a body (RFC 9110 §8.4).
///
/// What the first bytes are decides, not what the label says: bodies are sent compressed without a
/// label and plain with one. Only raw deflate has no mark of its own and needs the label. Every
/// compressed stream must reach its end, and its checksum must hold.
///
/// - Parameters:
///   - body: As it came over the wire.
///   - label: All `Content-Encoding` fields.
///   - bytesMax: The most bytes that any layer may have.
/// - Returns: The plain bytes; at most two layers are undone.
/// - Throws: `badEncoding` or `tooLarge`.
func decode(_ body: [UInt8], label: String?, bytesMax: Int) throws(FetchFailure) -> [UInt8] {
  var bytes = body
  let label = label?.lowercased() ?? ""
  for _ in 0..<2 {
    guard let plain = try decodeLayer(bytes, label: label, bytesMax: bytesMax) else { return bytes }
    bytes = plain
  }
  guard try Compression(bytes, label: "") == nil else {
    throw .badEncoding(detail: "more than two layers")
  }
  return bytes
}

/// The formats that are undone.
private enum Compression {
  case gzip
  case zlib
  case rawDeflate

  /// Recognises a format; nil when the bytes are taken as they are.
  ///
  /// - Throws: `badEncoding` for a format that was not offered.
  init?(_ bytes: [UInt8], label: String) throws(FetchFailure) {
    let start = bytes.prefix(4)
    if start.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      throw .badEncoding(detail: "zstd, which was not offered")
    } else if start.count > 1, start[0] == 0x78, (0x7800 + Int(start[1])) % 31 == 0,
      start[1] & 0x20 == 0
    {
      // RFC 1950 §2.2 with the largest window, the only one in use.
      self = .zlib
    } else if label.contains("deflate"), !bytes.isEmpty {
      self = .rawDeflate
    } else if label.contains("br"), let first = start.first, !isTextStart(first) {
      throw .badEncoding(detail: "brotli, which was not offered")
    } else {
      return nil
    }
  }
}

/// Undoes one layer; nil when there is none.
private func decodeLayer(
  _ bytes: [UInt8],
  label: String,
  bytesMax: Int
) throws(FetchFailure) -> [UInt8]? {
  switch try Compression(bytes, label: label) {
  case nil: return nil
  case .gzip: return try inflate(bytes, as: .gzip, bytesMax: bytesMax)
  case .zlib: return try inflate(bytes, as: .zlib, bytesMax: bytesMax)
  case .rawDeflate:
    do {
      return try inflate(bytes, as: .raw, bytesMax: bytesMax)
    } catch .badEncoding(let detail) {
      // Quirk: plain text labelled deflate. Seen: servers that set the field for every response. Fixture: Tests/FeedFetchTests/DecodeTests.swift
      if let first = bytes.first, isTextStart(first) { return nil }
      throw .badEncoding(detail: detail)
    }
  }
}

/// The byte may begin a feed or a page: `<`, `{`, `[`, white space or a byte order mark.
private func isTextStart(_ byte: UInt8) -> Bool {
  [0x3C, 0x7B, 0x5B, 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xFE, 0xFF].contains(byte)
}

/// Inflates a stream, and for gzip all its members (RFC 1952 §2.2); what follows them is ignored.
private func inflate(
  _ bytes: [UInt8],
  as format: Inflater.Format,
  bytesMax: Int
) throws(FetchFailure) -> [UInt8] {
  guard let inflater = Inflater(format) else { throw .badEncoding(detail: "out of memory") }
  var plain: [UInt8] = []
  let expected = format == .gzip ? declaredCount(bytes) : bytes.count * 4
  plain.reserveCapacity(min(bytesMax, expected, 64 << 20))
  var offset = 0
  repeat {
    switch inflater.inflate(bytes, from: offset, into: &plain, bytesMax: bytesMax) {
    case .ended(let next): offset = next
    case .tooLarge: throw .tooLarge(limitBytes: bytesMax)
    case .cut: throw .badEncoding(detail: "the compressed data ends too early")
    case .damaged(let detail): throw .badEncoding(detail: detail)
    }
  } while format == .gzip && bytes[offset...].starts(with: [0x1F, 0x8B, 0x08])
  // Raw deflate has no mark: text may look like it for a few bytes.
  if format == .raw, bytes.count - offset > 8 {
    throw .badEncoding(detail: "no compressed data")
  }
  return plain
}

/// How many bytes the last four of a gzip member promise, where that is possible at all.
///
/// Only a hint for the first allocation: deflate shrinks by less than 1032 to 1.
private func declaredCount(_ bytes: [UInt8]) -> Int {
  let count = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  return count <= bytes.count * 1032 ? count : bytes.count * 4
}

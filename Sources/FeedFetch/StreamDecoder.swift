/// Undoes one format of compression.
protocol StreamDecoder: ~Copyable {
  /// Decompresses one stream from its first byte to its end, checksum included.
  ///
  /// - Parameters:
  ///   - input: The stream and whatever stands around it.
  ///   - offset: Where the stream begins.
  ///   - output: What comes out is appended.
  /// - Returns: How it ended.
  func decode(_ input: [UInt8], from offset: Int, into output: inout BoundedBytes) -> StreamEnd
}

/// How a compressed stream ended.
enum StreamEnd: Hashable, Sendable {
  /// Complete; the next byte stands at this offset.
  case ended(Int)
  /// The input ended before the stream did.
  case cut
  /// The bytes are no such stream. The text is the library's.
  case damaged(String)
  /// More would come out than the limit.
  case tooLarge
}

internal import CZlib

/// Owns one zlib stream that decompresses.
///
/// Freed exactly once, when the value dies.
@safe struct Inflater: ~Copyable, StreamDecoder {
  /// What the stream is wrapped in.
  enum Format {
    /// RFC 1952.
    case gzip
    /// RFC 1950.
    case zlib
    /// RFC 1951 without a wrapper.
    case raw

    fileprivate var windowBits: Int32 {
      switch self {
      case .gzip: 15 + 16
      case .zlib: 15
      case .raw: -15
      }
    }
  }

  // zlib keeps a pointer to its stream, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  // zlib counts in 32 bits, and a person may allow longer bodies.
  private static let pieceBytes = 1 << 20

  /// Prepares a stream; nil when memory is short.
  ///
  /// The corresponding C function is `inflateInit2`.
  init?(_ format: Format) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, format.windowBits, ZLIB_VERSION, size) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
    unsafe self.stream = stream
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The corresponding C functions are `inflateReset` and `inflate`.
  func decode(_ input: [UInt8], from offset: Int, into output: inout BoundedBytes) -> StreamEnd {
    unsafe inflateReset(stream)
    return unsafe input.withUnsafeBytes { source in
      // zlib does not write to its input; its C type only does not say so.
      let start = unsafe UnsafeMutablePointer(
        mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self)
      )
      var given = offset
      unsafe stream.pointee.avail_in = 0
      while true {
        if unsafe stream.pointee.avail_in == 0, given < source.count {
          let count = min(Self.pieceBytes, source.count - given)
          unsafe stream.pointee.next_in = start?.advanced(by: given)
          unsafe stream.pointee.avail_in = UInt32(count)
          given += count
        }
        var code = Z_OK
        _ = unsafe output.fill { room in
          let count = min(room.count, Self.pieceBytes)
          unsafe stream.pointee.next_out = room.baseAddress
          unsafe stream.pointee.avail_out = UInt32(count)
          code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
          return unsafe count - Int(stream.pointee.avail_out)
        }
        if output.isTooLarge { return .tooLarge }
        switch code {
        case Z_STREAM_END: return unsafe .ended(given - Int(stream.pointee.avail_in))
        case Z_OK: continue
        case Z_BUF_ERROR: return .cut
        default:
          let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
          return .damaged(message ?? "zlib code \(code)")
        }
      }
    }
  }
}

internal import CZstd

/// Owns one zstd context that decompresses (RFC 8878).
///
/// Freed exactly once, when the value dies.
@safe struct ZstdDecoder: ~Copyable, StreamDecoder {
  private let context: OpaquePointer
  /// Eight megabytes: what every receiver takes, and no sender may exceed (RFC 9659 §3).
  private static let windowBits: Int32 = 23

  /// Prepares a context; nil when memory is short.
  ///
  /// The corresponding C functions are `ZSTD_createDCtx` and `ZSTD_DCtx_setParameter`.
  init?() {
    guard let context = unsafe ZSTD_createDCtx() else { return nil }
    unsafe self.context = context
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowBits)
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  /// Decompresses one frame; a skippable one brings nothing.
  ///
  /// The corresponding C function is `ZSTD_decompressStream`.
  func decode(_ input: [UInt8], from offset: Int, into output: inout BoundedBytes) -> StreamEnd {
    unsafe input.withUnsafeBytes { bytes in
      var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: offset)
      while true {
        var code = 0
        let isFull = unsafe output.fill { room in
          var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
          code = unsafe ZSTD_decompressStream(context, &target, &source)
          return unsafe target.pos
        }
        if output.isTooLarge { return .tooLarge }
        if ZSTD_isError(code) != 0 {
          let message = unsafe ZSTD_getErrorName(code).map { unsafe String(cString: $0) }
          return .damaged("zstd: " + (message ?? "code \(code)"))
        }
        if code == 0 { return unsafe .ended(source.pos) }
        if unsafe source.pos == bytes.count, !isFull { return .cut }
      }
    }
  }
}

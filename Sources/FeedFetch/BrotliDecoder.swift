internal import CBrotli

/// Owns one brotli stream that decompresses (RFC 7932).
///
/// Windows are at most 16 MB, as the RFC has it: the larger ones of the extension are refused.
/// Freed exactly once, when the value dies.
@safe struct BrotliDecoder: ~Copyable, StreamDecoder {
  private let state: OpaquePointer

  /// Prepares a stream, for one use; nil when memory is short.
  ///
  /// The corresponding C function is `BrotliDecoderCreateInstance`.
  init?() {
    guard let state = unsafe BrotliDecoderCreateInstance(nil, nil, nil) else { return nil }
    unsafe self.state = state
  }

  deinit { unsafe BrotliDecoderDestroyInstance(state) }

  /// The corresponding C function is `BrotliDecoderDecompressStream`.
  func decode(_ input: [UInt8], from offset: Int, into output: inout BoundedBytes) -> StreamEnd {
    unsafe input.withUnsafeBufferPointer { source in
      var next = unsafe source.baseAddress.map { unsafe $0 + offset }
      var left = source.count - offset
      while true {
        var result = BROTLI_DECODER_RESULT_ERROR
        _ = unsafe output.fill { room in
          var target = room.baseAddress
          var targetLeft = room.count
          result = unsafe BrotliDecoderDecompressStream(
            state,
            &left,
            &next,
            &targetLeft,
            &target,
            nil
          )
          return room.count - targetLeft
        }
        if output.isTooLarge { return .tooLarge }
        switch result {
        case BROTLI_DECODER_RESULT_SUCCESS: return .ended(source.count - left)
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return .cut
        default:
          let code = unsafe BrotliDecoderGetErrorCode(state)
          let message = unsafe BrotliDecoderErrorString(code).map { unsafe String(cString: $0) }
          return .damaged("brotli: " + (message ?? "code \(code.rawValue)"))
        }
      }
    }
  }
}

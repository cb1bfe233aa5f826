import CBrotliEncoder
import CZlib
import CZstd

/// How zlib wraps what it compresses.
public enum Wrapper: Int32, Sendable {
  case gzip = 31
  case zlib = 15
  case raw = -15
}

/// Compresses bytes with zlib.
public func compressed(_ bytes: some Sequence<UInt8>, _ wrapper: Wrapper = .gzip) -> [UInt8] {
  var source = Array(bytes)
  var target = [UInt8](repeating: 0, count: source.count + source.count / 100 + 1024)
  var stream = unsafe z_stream()
  let size = unsafe Int32(MemoryLayout<z_stream>.size)
  unsafe deflateInit2_(
    &stream,
    9,
    Z_DEFLATED,
    wrapper.rawValue,
    9,
    Z_DEFAULT_STRATEGY,
    ZLIB_VERSION,
    size
  )
  let count = unsafe source.withUnsafeMutableBufferPointer { input in
    unsafe target.withUnsafeMutableBufferPointer { output in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      let code = unsafe deflate(&stream, Z_FINISH)
      precondition(code == Z_STREAM_END, "The target is large enough.")
      return unsafe Int(stream.total_out)
    }
  }
  unsafe deflateEnd(&stream)
  return Array(target[..<count])
}

/// Compresses bytes as one stream of brotli.
public func brotli(
  _ bytes: some Sequence<UInt8>,
  quality: Int32 = 5,
  windowBits: Int32 = 22
) -> [UInt8] {
  let source = Array(bytes)
  var target = [UInt8](repeating: 0, count: source.count + source.count / 100 + 1024)
  var count = target.count
  let code = unsafe BrotliEncoderCompress(
    quality,
    windowBits,
    BROTLI_MODE_GENERIC,
    source.count,
    source,
    &count,
    &target
  )
  precondition(code != 0, "The target is large enough.")
  return Array(target[..<count])
}

/// Compresses bytes as one frame of zstd.
public func zstd(
  _ bytes: some Sequence<UInt8>,
  checksum: Bool = true,
  windowBits: Int32? = nil
) -> [UInt8] {
  let source = Array(bytes)
  var target = [UInt8](repeating: 0, count: source.count + source.count / 100 + 1024)
  let context = unsafe ZSTD_createCCtx()
  defer { unsafe _ = ZSTD_freeCCtx(context) }
  unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
  if let windowBits {
    unsafe _ = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowBits)
  }
  let count = unsafe source.withUnsafeBytes { source in
    unsafe target.withUnsafeMutableBytes { target in
      var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
      // In two steps: a whole of known size would be given a window of that size.
      unsafe _ = ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
      let code = unsafe ZSTD_compressStream2(context, &output, &input, ZSTD_e_end)
      precondition(code == 0, "The target is large enough.")
      return unsafe output.pos
    }
  }
  return Array(target[..<count])
}

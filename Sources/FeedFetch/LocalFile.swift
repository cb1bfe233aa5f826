import FeedModel

/// Reads a local file as if it had been fetched.
///
/// Its entity tag is made of size, time of change and inode, so that an unchanged file is known
/// without being read.
///
/// - Parameters:
///   - request: Its URL is an absolute path.
///   - bytesMax: The largest file in bytes, before and after decompression.
/// - Returns: The outcome, as if a server had answered 200 or 304.
func readLocalFile(_ request: FetchRequest, bytesMax: Int) -> FetchOutcome {
  let path = request.url
  do throws(Errno) {
    // A path with a NUL would name another file to the C library.
    if path.utf8.contains(0) { throw .invalid }
    let file = try ReadableFile(path: path)
    let version = try file.version()
    let etag = "\"\(version.size)-\(version.modifiedNanoseconds)-\(version.inode)\""
    let validators = Validators(etag: etag, lastModified: nil, url: path)
    if let known = request.validators, known.url == path, known.etag == etag {
      return .notModified(validators, ResponseFacts(status: 304, url: path))
    }
    var facts = ResponseFacts(status: 200, url: path)
    let bytes = try file.bytes(limit: bytesMax, expected: version.size)
    facts.wireBytes = bytes.count
    guard bytes.count <= bytesMax else { return .failed(.tooLarge(limitBytes: bytesMax), facts) }
    let body: [UInt8]
    do {
      body = try decode(bytes, label: nil, bytesMax: bytesMax)
    } catch {
      return .failed(error, facts)
    }
    guard body.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      return .failed(.empty, facts)
    }
    return .fetched(body: body, contentType: nil, validators: validators, facts)
  } catch {
    return .failed(.file(path: path, errno: error.code), nil)
  }
}

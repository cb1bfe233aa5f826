import Synchronization

/// A file that is fetched piece by piece, perhaps from where it broke off.
///
/// An object, for one request: it is the same one in every hop.
public final class Download: Sendable, Hashable {
  /// What a server says before the first byte.
  public struct Beginning: Hashable, Sendable {
    /// The bytes go on where they broke off (RFC 9110 §15.3.7); else they are all of the file.
    public var continues: Bool
    /// The first byte, where it goes on, counted from 0.
    public var firstByte: Int64?
    /// The length of the whole file, where it is said.
    public var totalBytes: Int64?
    /// By what to recognise this version when it has to go on (RFC 9110 §13.1.5): a strong entity
    /// tag, or a date; nil when it cannot be recognised.
    public var validator: String?
    /// How the bytes are packed (RFC 9110 §8.4), though nobody asked for that; nil where they are not.
    public var encoding: String?
  }

  private let firstByte: Int64
  private let validator: String?
  private let onBegin: @Sendable (Beginning) -> Bool
  private let onBytes: @Sendable ([UInt8]) -> Bool
  private let state = Mutex(State())

  private struct State {
    var hasBegun = false
    var isWanted = true
  }

  /// Prepares for one request.
  ///
  /// - Parameters:
  ///   - firstByte: How much is there already.
  ///   - validator: What the server gave to recognise it by; nil asks for all of it.
  ///   - begin: Told before the first byte, on the thread of the loop; false ends the transfer.
  ///   - take: Gets bytes in their order, on the thread of the loop; false ends the transfer.
  public init(
    from firstByte: Int64 = 0,
    validator: String? = nil,
    begin: @escaping @Sendable (Beginning) -> Bool,
    take: @escaping @Sendable ([UInt8]) -> Bool
  ) {
    self.firstByte = firstByte
    self.validator = validator
    onBegin = begin
    onBytes = take
  }

  /// A server has begun to send the file.
  public var hasBegun: Bool { state.withLock { $0.hasBegun } }

  /// The fields of the request: the file as it is, and no more of it than is missing.
  var headerLines: [String] {
    var lines = ["Accept-Encoding: identity"]
    if firstByte > 0, let validator, HTTPText.isSendable(validator) {
      lines += ["Range: bytes=\(firstByte)-", "If-Range: \(validator)"]
    }
    return lines
  }

  /// The first byte of the body is about to come.
  func begin(status: Int, fields: ResponseFields, expectedBytes: Int) {
    var beginning = Beginning(continues: status == 206)
    if status == 206 {
      // RFC 9110 §14.4: `bytes 100-199/200`, or `*` for an unknown length.
      let words = (fields.last(.contentRange) ?? "").split { " -/".contains($0) }
      if words.count == 4, words[0] == "bytes" {
        beginning.firstByte = Int64(words[1])
        beginning.totalBytes = Int64(words[3])
      }
    } else if expectedBytes > 0 {
      beginning.totalBytes = Int64(expectedBytes)
    }
    if let encoding = fields.joined(.contentEncoding), encoding.lowercased() != "identity" {
      beginning.encoding = encoding
    }
    let etag = fields.last(.etag)
    if let etag, etag.hasPrefix("\""), HTTPText.isSendable(etag) {
      beginning.validator = etag
    } else if etag == nil, let date = fields.last(.lastModified), HTTPText.isSendable(date) {
      beginning.validator = date
    }
    let isWanted = onBegin(beginning)
    state.withLock { $0 = State(hasBegun: true, isWanted: isWanted) }
  }

  /// Takes bytes; false ends the transfer.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard state.withLock({ $0.isWanted }) else { return false }
    return onBytes(unsafe Array(bytes))
  }

  /// The same object.
  public static func == (left: Download, right: Download) -> Bool { left === right }

  /// By the object.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

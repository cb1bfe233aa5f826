/// Bytes that come in pieces, up to a limit.
///
/// One byte more than the limit is kept, so that too much is known without asking for all of it.
/// Room doubles until it would pass half of the limit, and is then taken to the limit at once: what
/// is not written to takes no memory, so growing holds no more than the limit either.
struct BoundedBytes: ~Copyable {
  /// What has come so far.
  private(set) var bytes: [UInt8] = []
  private let countMax: Int

  private static let roomLeast = 16_384

  /// Nothing has come yet.
  ///
  /// - Parameters:
  ///   - bytesMax: The limit.
  ///   - expected: How many bytes will probably come.
  init(bytesMax: Int, expected: Int) {
    // Far beyond any memory, and sums of it do not overflow.
    countMax = min(bytesMax, 1 << 48) + 1
    if expected > 0 { bytes.reserveCapacity(min(expected, countMax, 64 << 20)) }
  }

  /// More has come than the limit.
  var isTooLarge: Bool { bytes.count >= countMax }

  /// Lets bytes be written behind the others.
  ///
  /// - Parameter write: Is given the room that there is, at least one byte, and says how many it
  ///   has used. Called only while the limit is not passed.
  /// - Returns: Whether the room was used up.
  mutating func fill(_ write: (UnsafeMutableBufferPointer<UInt8>) -> Int) -> Bool {
    precondition(!isTooLarge, "What is too large grows no more.")
    if bytes.capacity - bytes.count < Self.roomLeast { grow() }
    let room = min(bytes.capacity, countMax) - bytes.count
    var used = 0
    bytes.append(addingCapacity: room) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, count in
        used = unsafe write(UnsafeMutableBufferPointer(rebasing: buffer[..<room]))
        count = used
      }
    }
    return used == room
  }

  /// Adds bytes.
  ///
  /// - Returns: False when they are too many; then not all of them are kept.
  mutating func append(_ source: UnsafeRawBufferPointer) -> Bool {
    unsafe bytes.append(contentsOf: source.prefix(countMax - bytes.count))
    return !isTooLarge
  }

  /// The bytes, which are then no longer here.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  private mutating func grow() {
    let wanted = max(bytes.capacity * 2, Self.roomLeast)
    bytes.reserveCapacity(wanted > countMax / 2 ? countMax : wanted)
  }
}

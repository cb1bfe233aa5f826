/// The name of an act: what one command of a person wrote, which is undone together.
///
/// Written as `k7m2q9xw-118`: the device, and the number of the act's first line in its journal.
public struct ActID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The device that wrote it.
  public let device: String
  /// The number of its first line.
  public let number: Int

  /// Names an act.
  public init(device: String, number: Int) {
    self.device = device
    self.number = number
  }

  /// Reads the written form; nil when it is none.
  public init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 8, let first = parts[1].first,
      parts[0].allSatisfy({ Self.isDigit($0) || (0x61...0x7A).contains($0) }),
      // One name has one form: no sign, no zeros before it.
      first != UInt8(ascii: "0"), parts[1].allSatisfy(Self.isDigit),
      let number = Int(String(decoding: parts[1], as: UTF8.self))
    else { return nil }
    device = String(decoding: parts[0], as: UTF8.self)
    self.number = number
  }

  /// The written form.
  public var description: String { "\(device)-\(number)" }

  /// By device, then by number.
  public static func < (left: ActID, right: ActID) -> Bool {
    (left.device, left.number) < (right.device, right.number)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// What a line says of the act that it is a part of.
///
/// It is history alone: the state of an article or a feed follows from registers.
public struct LineAct: Hashable, Sendable {
  /// The act.
  public var id: ActID
  /// The act that this one takes back; nil when it is no undo.
  public var undoes: ActID?

  /// Describes the part of a line in an act.
  public init(id: ActID, undoes: ActID? = nil) {
    self.id = id
    self.undoes = undoes
  }
}

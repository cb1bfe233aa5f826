import FeedJSON
import FeedModel

/// What one line turned out to be.
enum DecodedLine: Hashable {
  /// A line that counts.
  case event(StoreEvent, isHandWritten: Bool)
  /// A line that does not.
  case damage(LineDamage.Reason)
  /// Nothing but white space.
  case blank
}

/// Reads one line (Documentation/Format.md, "Damage").
///
/// - Parameters:
///   - bytes: The line's surroundings.
///   - range: The line, without its line feed.
///   - device: The device whose directory it stands in.
///   - isNewer: The segment has a newer format: lines are kept, and say nothing to us.
/// - Returns: What it is; nothing is thrown for what others wrote.
func decodeLine(
  _ bytes: [UInt8],
  in range: Range<Int>,
  device: String,
  isNewer: Bool = false
) -> DecodedLine {
  guard let last = range.last else { return .blank }
  // Quirk: git with core.autocrlf turns LF into CR LF. Seen: git for Windows. Fixture: Tests/FeedStoreTests/LineScannerTests.swift
  let end = bytes[last] == UInt8(ascii: "\r") ? last : range.upperBound
  let line = range.lowerBound..<end
  guard let first = line.first(where: { !isSpace(bytes[$0]) }) else { return .blank }
  if let reason = obviousDamage(bytes, in: line, first: bytes[first]) { return .damage(reason) }
  let sum = statedSum(bytes, in: line)
  if let sum, CRC32.sum(of: bytes, in: line.lowerBound..<end - sumBytes) != sum {
    return .damage(.wrongSum)
  }
  var members = LineMembers()
  do throws(JSONError) {
    do throws(JSONError) {
      try members.read(bytes, in: line)
    } catch  where error.reason == .wrongType || error.reason == .badNumber {
      // Well-formed, perhaps, with a member of another type than ours: then it is newer than us.
      members = LineMembers()
      try members.readFrame(bytes, in: line)
    }
  } catch {
    return .damage(error.reason == .duplicateKey ? .duplicateName : .notJSON)
  }
  guard sum != nil || !members.hasSum else { return .damage(.wrongSum) }
  guard let at = members.at else { return .damage(.noTime) }
  guard let name = members.operation else { return .damage(.notUnderstood) }
  var operation = isNewer ? nil : members.understood()
  if isNewer, name == "open" { operation = members.understood() }
  // A line with a sum was written by a program: a newer one, when we do not understand it.
  guard sum != nil || operation != nil else { return .damage(.notUnderstood) }
  let writer = members.writtenBy ?? device
  let event = StoreEvent(
    number: members.number,
    at: at,
    device: writer,
    sum: sum ?? 0,
    operation: operation ?? .unknown(name),
    act: members.act(of: writer)
  )
  return .event(event, isHandWritten: sum == nil)
}

/// What a line says whose sum is wrong or not there, when it is good JSON and says something we know.
///
/// - Parameters:
///   - bytes: The line, without its line feed.
///   - name: The file that it stands in.
/// - Returns: Nil for what nobody can have meant; a sum of 0.
func editedLine(_ bytes: [UInt8], _ name: SegmentName) -> StoreEvent? {
  var members = LineMembers()
  // What is no JSON was not edited but damaged.
  guard (try? members.read(bytes, in: 0..<bytes.count)) != nil, let at = members.at,
    let operation = members.understood(), !operation.isOpen
  else { return nil }
  return StoreEvent(
    number: members.number,
    at: at,
    device: members.writtenBy ?? name.device,
    sum: 0,
    operation: operation
  )
}

/// How many bytes `,"sum":"xxxxxxxx"}` has.
let sumBytes = 18

/// The sum that stands at the end of a line; nil when there is none in the exact form.
func statedSum(_ bytes: [UInt8], in line: Range<Int>) -> UInt32? {
  let start = line.upperBound - sumBytes
  guard start >= line.lowerBound, bytes.holds(",\"sum\":\"", at: start),
    bytes.holds("\"}", at: start + 16)
  else { return nil }
  var sum: UInt32 = 0
  for byte in bytes[start + 8..<start + 16] {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): sum = sum << 4 | UInt32(byte - 0x30)
    case UInt8(ascii: "a")...UInt8(ascii: "f"): sum = sum << 4 | UInt32(byte - 0x61 + 10)
    default: return nil
    }
  }
  return sum
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

private func obviousDamage(
  _ bytes: [UInt8],
  in line: Range<Int>,
  first: UInt8
) -> LineDamage.Reason? {
  if line.count > LineEncoder.lineBytesMax { return .tooLong }
  if first == 0 { return .zeroBytes }
  let markers: [StaticString] = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
  if first != UInt8(ascii: "{"), markers.contains(where: { bytes.holds($0, at: line.lowerBound) }) {
    return .mergeMarker
  }
  return nil
}

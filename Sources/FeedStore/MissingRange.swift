/// Numbers of a device's lines that are in no file, as `settled.jsonl` remembers them.
///
/// In which file they stood is no part of it: that is known only as long as there is an index.
struct MissingRange: Hashable {
  let device: String
  let kind: Segment.Kind
  let numbers: ClosedRange<Int>

  init(device: String, kind: Segment.Kind, numbers: ClosedRange<Int>) {
    self.device = device
    self.kind = kind
    self.numbers = numbers
  }

  /// Reads an `identity`; nil when it is another one.
  init?(_ identity: String) {
    let parts = identity.split(separator: " ")
    guard parts.count == 5, parts[0] == "missing", parts[1].hasPrefix("dev/"),
      let kind = Segment.Kind(rawValue: String(parts[2])), let first = Int(parts[3]),
      let last = Int(parts[4]), first <= last
    else { return nil }
    self.init(device: String(parts[1].dropFirst(4)), kind: kind, numbers: first...last)
  }

  /// The text that stands for it.
  var identity: String {
    "missing dev/\(device) \(kind.rawValue) \(numbers.lowerBound) \(numbers.upperBound)"
  }
}

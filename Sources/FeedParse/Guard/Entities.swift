/// The entities that a DOCTYPE declares, as far as they are honoured: each stands for text.
struct Entities {
  private static let countMax = 256

  private var values: [String: [UInt8]] = [:]
  /// What their uses have grown to.
  private var usedBytes = 0

  /// Declares one; the first declaration holds (XML 1.0 §4.2).
  mutating func declare(_ name: String, _ value: [UInt8]) {
    guard value.count <= Limit.entityValueBytes.value, values.count < Self.countMax,
      values[name] == nil
    else { return }
    values[name] = value
  }

  /// The text that one stands for; nil when it is not declared.
  ///
  /// Empty once all the uses together pass the cap.
  mutating func use(_ name: String) -> (text: [UInt8], isWithinLimit: Bool)? {
    guard let value = values[name] else { return nil }
    usedBytes += value.count
    let isWithinLimit = usedBytes <= Limit.entityBytes.value
    return (isWithinLimit ? value : [], isWithinLimit)
  }
}

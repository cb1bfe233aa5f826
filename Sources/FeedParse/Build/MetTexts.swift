/// Tells the texts of one list apart: one by one while they are few, by a set once they are many.
struct MetTexts {
  private static let fewMax = 16
  private var texts: Set<String> = []

  /// Notes a text that is about to join a list; false when it is there already.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - list: What the list holds: all the texts, and no others, for which this was true.
  /// - Returns: True when the text is new.
  mutating func insert(_ text: String, to list: some Collection<String>) -> Bool {
    if list.count < Self.fewMax { return !list.contains(text) }
    if texts.isEmpty { texts = Set(list) }
    return texts.insert(text).inserted
  }
}

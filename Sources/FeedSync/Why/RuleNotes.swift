import FeedModel

/// Says of marks which rule made them, in the place of the notes of rules.
///
/// - Parameter events: What lines say of an article, with the notes.
/// - Returns: Without each note all of whose marks are here.
func attributed(_ events: [ExplainedEvent]) -> [ExplainedEvent] {
  struct Name: Hashable {
    var at: Timestamp
    var device: String
    var register: String
  }
  func name(_ event: ExplainedEvent, _ register: String) -> Name {
    Name(at: event.at, device: event.device.id, register: register)
  }
  var marks: [Name: Int] = [:]
  for (place, event) in events.enumerated() {
    guard case .write(let write) = event.deed, write.value == .bool(true) else { continue }
    marks[name(event, write.register)] = place
  }
  var events = events
  var told: Set<Int> = []
  for (place, event) in events.enumerated() {
    guard case .write(let note) = event.deed, case .string(let text) = note.value,
      let rule = ruleNoted(in: note.register).flatMap({ ArticleID($0) })
    else { continue }
    let registers = text.split(separator: "\n").map(String.init)
    let places = registers.compactMap { marks[name(event, $0)] }
    for place in places {
      guard case .write(var write) = events[place].deed else { continue }
      write.rule = rule
      events[place].deed = .write(write)
    }
    if !places.isEmpty, places.count == registers.count { told.insert(place) }
  }
  return events.enumerated().filter { !told.contains($0.offset) }.map(\.element)
}

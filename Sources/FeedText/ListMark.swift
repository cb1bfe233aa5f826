/// A list that is open, and what its next item begins with.
struct ListMark {
  private var number: Int?
  private var step = 1
  private var type = "1"

  /// Begins a list.
  ///
  /// - Parameters:
  ///   - element: `ul`, `ol`, `dir` or `menu`.
  ///   - count: How many items it has, for one that counts down.
  init(_ element: HTMLElement, count: Int) {
    guard element.tag == .ol else { return }
    let isReversed = element["reversed"] != nil
    number = element["start"].flatMap { Int($0) } ?? (isReversed ? count : 1)
    step = isReversed ? -1 : 1
    if let type = element["type"], ["a", "A", "i", "I"].contains(type) { self.type = type }
  }

  /// What stands before an item (HTML §4.4.5 to §4.4.8).
  mutating func next(_ item: HTMLElement) -> String {
    guard let number else { return "• " }
    let shown = item["value"].flatMap { Int($0) } ?? number
    let (after, overflow) = shown.addingReportingOverflow(step)
    self.number = overflow ? shown : after
    return "\(ordinal(shown)). "
  }

  private func ordinal(_ number: Int) -> String {
    switch type {
    case "a" where number > 0: letters(number)
    case "A" where number > 0: letters(number).uppercased()
    case "i" where (1..<4000).contains(number): roman(number)
    case "I" where (1..<4000).contains(number): roman(number).uppercased()
    default: "\(number)"
    }
  }

  private func letters(_ number: Int) -> String {
    var rest = number
    var letters: [Character] = []
    while rest > 0 {
      letters.append(Character(Unicode.Scalar(UInt8(97 + (rest - 1) % 26))))
      rest = (rest - 1) / 26
    }
    return String(letters.reversed())
  }

  private func roman(_ number: Int) -> String {
    let signs = [
      (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
      (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]
    var rest = number
    var text = ""
    for (value, sign) in signs {
      while rest >= value {
        text += sign
        rest -= value
      }
    }
    return text
  }
}

/// How many items each list has that counts down, by the place of its beginning.
func countsOfReversedLists(_ events: [HTMLEvent]) -> [Int: Int] {
  var counts: [Int: Int] = [:]
  var open: [Int] = []
  for (index, event) in events.enumerated() {
    switch event {
    case .open(let element):
      switch element.tag {
      case .ul, .ol, .dir, .menu:
        open.append(index)
        if element.tag == .ol, element["reversed"] != nil { counts[index] = 0 }
      case .li: if let list = open.last { counts[list]? += 1 }
      default: break
      }
    case .close(.ul), .close(.ol), .close(.dir), .close(.menu): _ = open.popLast()
    default: break
    }
  }
  return counts
}

/// Who is next: a window of places under way, one element of each at a time, first come first
/// served.
///
/// Invariants:
/// 1. A place is in `busy` from the `next` that gave an element of it to `finished`.
/// 2. A place is in `idle` exactly when elements of it wait and it is not busy.
struct HostQueue<Place: Hashable, Element> {
  private let windowSize: Int
  private var busy: Set<Place> = []
  private var idle = FIFO<Place>()
  private var waiting: [Place: FIFO<Element>] = [:]

  /// An empty queue.
  ///
  /// - Parameter windowSize: How many elements may be out at one time; at least 1.
  init(windowSize: Int) {
    precondition(windowSize > 0, "A window has at least one place.")
    self.windowSize = windowSize
  }

  /// Lines an element up.
  mutating func add(_ element: Element, at place: Place) {
    if waiting[place] == nil, !busy.contains(place) { idle.append(place) }
    waiting[place, default: FIFO()].append(element)
  }

  /// The next element that may start; nil when the window is full or every place is busy.
  mutating func next() -> (place: Place, element: Element)? {
    guard busy.count < windowSize, let place = idle.popFirst(),
      let element = waiting[place]?.popFirst()
    else { return nil }
    if waiting[place]?.isEmpty == true { waiting[place] = nil }
    busy.insert(place)
    return (place, element)
  }

  /// Frees the place of an element that `next` gave.
  mutating func finished(_ place: Place) {
    guard busy.remove(place) != nil else { return }
    if waiting[place] != nil { idle.append(place) }
  }
}

/// A line that people join at the end and leave at the front.
private struct FIFO<Element> {
  private var elements: [Element] = []
  private var head = 0

  var isEmpty: Bool { head == elements.count }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    head += 1
    // The gone half is dropped in one go, so that each element moves once on average.
    if head > 32, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}

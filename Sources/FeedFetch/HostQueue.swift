/// Who is next: a window of places under way, one element of each at a time, first come first
/// served.
///
/// Invariants:
/// 1. A place has a line exactly while an element of it is in `ready` or out.
/// 2. At most one element of a place is in `ready` or out; the others wait in its line.
/// 3. A line is busy from the `next` that gave an element of it to `finished`.
struct HostQueue<Place: Hashable, Element> {
  private struct Line {
    var isBusy = false
    var waiting = FIFO<Element>()
  }

  private let windowSize: Int
  private let outMax: Int
  private var busyCount = 0
  private var ready = FIFO<(place: Place, element: Element)>()
  private var lines: [Place: Line] = [:]

  /// How many of those that are out do not count against the window.
  var asideCount = 0

  /// An empty queue.
  ///
  /// - Parameters:
  ///   - windowSize: How many elements may be out at one time; at least 1.
  ///   - outMax: How many there may be with those that do not count; nil for no more.
  init(windowSize: Int, outMax: Int? = nil) {
    precondition(windowSize > 0, "A window has at least one place.")
    self.windowSize = windowSize
    self.outMax = max(windowSize, outMax ?? 0)
  }

  /// Lines an element up.
  mutating func add(_ element: Element, at place: Place) {
    if lines[place] == nil {
      lines[place] = Line()
      ready.append((place, element))
    } else {
      lines[place]?.waiting.append(element)
    }
  }

  /// The next element that may start; nil when the window is full or every place is busy.
  mutating func next() -> (place: Place, element: Element)? {
    guard busyCount - asideCount < windowSize, busyCount < outMax, let next = ready.popFirst()
    else { return nil }
    lines[next.place]?.isBusy = true
    busyCount += 1
    return next
  }

  /// Frees the place of an element that `next` gave.
  mutating func finished(_ place: Place) {
    guard lines[place]?.isBusy == true else { return }
    busyCount -= 1
    if let element = lines[place]?.waiting.popFirst() {
      lines[place]?.isBusy = false
      ready.append((place, element))
    } else {
      lines[place] = nil
    }
  }
}

/// A line that people join at the end and leave at the front.
private struct FIFO<Element> {
  private var elements: [Element] = []
  private var head = 0

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

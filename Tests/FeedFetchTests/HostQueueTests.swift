import Testing

@testable import FeedFetch

@Test func `of one place only one element is out at a time`() {
  var queue = HostQueue<String, Int>(windowSize: 10)
  queue.add(1, at: "a")
  queue.add(2, at: "a")
  queue.add(3, at: "b")
  #expect(queue.next()?.element == 1)
  #expect(queue.next()?.element == 3)
  #expect(queue.next() == nil)
  queue.finished("a")
  #expect(queue.next()?.element == 2)
  #expect(queue.next() == nil)
}

@Test func `no more elements are out than the window holds`() {
  var queue = HostQueue<Int, Int>(windowSize: 3)
  for number in 0..<5 { queue.add(number, at: number) }
  #expect((0..<4).map { _ in queue.next()?.element } == [0, 1, 2, nil])
  queue.finished(1)
  #expect(queue.next()?.element == 3)
  #expect(queue.next() == nil)
}

@Test func `what is set aside does not count, up to a limit`() {
  var queue = HostQueue<Int, Int>(windowSize: 2, outMax: 4)
  for number in 0..<6 { queue.add(number, at: number) }
  #expect((0..<3).map { _ in queue.next()?.element } == [0, 1, nil])
  queue.asideCount = 1
  #expect((0..<2).map { _ in queue.next()?.element } == [2, nil])
  queue.asideCount = 3
  #expect((0..<2).map { _ in queue.next()?.element } == [3, nil])
  queue.finished(0)
  queue.asideCount = 0
  #expect(queue.next() == nil)
  queue.finished(1)
  queue.finished(2)
  #expect((0..<2).map { _ in queue.next()?.element } == [4, nil])
}

@Test func `a place with many elements does not hold up the others`() {
  var queue = HostQueue<String, Int>(windowSize: 1)
  for number in 0..<3 { queue.add(number, at: "a") }
  queue.add(10, at: "b")
  var order: [Int] = []
  while let (place, element) = queue.next() {
    order.append(element)
    queue.finished(place)
  }
  #expect(order == [0, 10, 1, 2])
}

@Test func `thousands of elements leave in the order in which they came`() {
  var queue = HostQueue<String, Int>(windowSize: 1)
  for number in 0..<5000 { queue.add(number, at: "a") }
  for number in 0..<5000 {
    #expect(queue.next()?.element == number)
    queue.finished("a")
  }
  #expect(queue.next() == nil)
}

@Test func `a place that is finished twice is freed once`() {
  var queue = HostQueue<String, Int>(windowSize: 5)
  queue.add(1, at: "a")
  queue.add(2, at: "a")
  queue.add(3, at: "a")
  _ = queue.next()
  queue.finished("a")
  queue.finished("a")
  #expect(queue.next()?.element == 2)
  #expect(queue.next() == nil)
}

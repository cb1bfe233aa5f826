import FeedModel
import Testing

@Test func `what few items say stands apart from the item`() {
  #expect(MemoryLayout<FeedItem>.size < MemoryLayout<ItemFacts>.size)
}

@Test func `an item that says nothing more has no facts, however that came to be`() {
  var item = FeedItem()
  #expect(item.facts == nil)
  item.facts = ItemFacts()
  #expect(item == FeedItem())
  item.facts?.rights = "Mine"
  #expect(item.facts == nil)
  var facts = ItemFacts()
  facts.rights = "Mine"
  item.facts = facts
  item.facts?.commentsCount = 3
  #expect(item.facts?.commentsCount == 3)
  #expect(item.facts?.rights == "Mine")
  #expect(item != FeedItem())
}

@Test(
  arguments: [
    (90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (.nan, 0), (0, .nan), (.infinity, 0),
    (0, -.infinity),
  ] as [(Double, Double)]
)
func `a position that is on no globe is none`(latitude: Double, longitude: Double) {
  #expect(Position(latitude: latitude, longitude: longitude) == nil)
}

@Test func `a shape has as many positions as it needs`() throws {
  let position = try #require(Position(latitude: -90, longitude: 180))
  func counts(_ shape: Place.Shape) -> [Int] {
    (0...6).filter { Place(shape, Array(repeating: position, count: $0)) != nil }
  }
  #expect(counts(.point) == [1])
  #expect(counts(.line) == [2, 3, 4, 5, 6])
  #expect(counts(.polygon) == [4, 5, 6])
  #expect(counts(.box) == [2])
}

import FeedJSON
import FeedModel
import Testing

private func text(_ item: FeedItem) -> [UInt8] {
  var writer = JSONWriter()
  item.write(to: &writer, fallbackID: "1")
  return writer.bytes
}

private func item(_ json: String) throws -> FeedItem {
  var reader = JSONReader(Array(json.utf8))
  let item = try FeedItem(from: &reader)
  try reader.finish()
  return item
}

/// Every property of every value has a value of its own.
private func everything() throws -> ItemFacts {
  var facts = ItemFacts()
  facts.rights = "© Ann"
  facts.licenses = ["https://licence.example/by", "https://licence.example/sa"]
  var source = ItemSource()
  source.title = "Elsewhere"
  source.url = "https://elsewhere.example/"
  source.feedURL = "https://elsewhere.example/feed"
  source.id = "tag:elsewhere.example,2026:feed"
  facts.source = source
  facts.contributors = [Author(name: "Bo", url: "mailto:bo@blog.example"), Author(name: "Cy")]
  facts.commentsCount = 12
  facts.commentsFeedURL = "https://blog.example/1/comments"
  facts.inReplyTo = [RepliedItem(id: "tag:a,2026:1", url: "https://a.example/1")]
  let corners = [(-90, -180), (45.256, -71.92), (1e-7, 0), (-90, -180)]
    .compactMap {
      Position(latitude: $0, longitude: $1)
    }
  let place: Place = try #require(Place(.polygon, corners, name: "Here"))
  facts.place = place
  facts.media = media()
  facts.episode = episode()
  return facts
}

private func media() -> Media {
  var file = MediaFile(url: "https://blog.example/1.mp4")
  file.group = 1
  file.mimeType = "video/mp4"
  file.medium = "video"
  file.width = 640
  file.height = 480
  file.kilobitsPerSecond = 128.5
  file.sizeInBytes = 1 << 40
  file.durationInSeconds = 61
  file.language = "en"
  file.isDefault = true
  var picture = Thumbnail(url: "https://blog.example/1.jpg")
  picture.width = 64
  picture.height = 48
  picture.timeInSeconds = 12.25
  var media = Media()
  media.files = [file, MediaFile(url: "https://blog.example/1.webm")]
  media.thumbnails = [picture]
  media.credits = [Credit(name: "Dee", role: "photographer")]
  media.playerURL = "https://blog.example/play/1"
  media.rating = "nonadult"
  var stars = StarRating()
  stars.average = 3.5
  stars.count = 20
  stars.minimum = 1
  stars.maximum = 10
  media.stars = stars
  media.views = 1000
  media.favorites = 7
  return media
}

private func episode() -> Episode {
  var transcript = LinkedFile(url: "https://blog.example/1.vtt")
  transcript.mimeType = "text/vtt"
  transcript.language = "en"
  transcript.relation = "captions"
  var chapter = Chapter(startInSeconds: 90.125)
  chapter.title = "Knots"
  chapter.url = "https://blog.example/knots"
  chapter.image = "https://blog.example/knots.png"
  var person = Participant(name: "Eve")
  person.role = "guest"
  person.group = "cast"
  person.url = "https://eve.example/"
  person.image = "https://eve.example/me.jpg"
  var part = Soundbite(startInSeconds: 10, durationInSeconds: 30.5)
  part.title = "Listen"
  var episode = Episode()
  episode.season = 2
  episode.seasonName = "The Sea"
  episode.number = 3.5
  episode.numberName = "III½"
  episode.kind = .bonus
  episode.isExplicit = false
  episode.isBlocked = true
  episode.transcripts = [transcript]
  episode.chaptersFile = LinkedFile(url: "https://blog.example/1.json")
  episode.chapters = [chapter]
  episode.people = [person]
  episode.soundbites = [part]
  return episode
}

@Test func `all that an item says survives writing and reading`() throws {
  var whole = FeedItem()
  whole.guid = "1"
  whole.commentsURL = "https://blog.example/1#comments"
  whole.facts = try everything()
  let json = String(decoding: text(whole), as: UTF8.self)
  #expect(try item(json) == whole)
  // Nothing was left out on both ways: each property has its name.
  var reader = JSONReader(Array(json.utf8))
  guard case .object(let members) = try reader.value(), case .object(let facts)? = members["_rill"],
    case .object(let media)? = facts["media"], case .object(let episode)? = facts["episode"]
  else {
    Issue.record("It is an object of objects.")
    return
  }
  #expect(facts.count == Mirror(reflecting: try everything()).children.count + 1)
  #expect(media.count == Mirror(reflecting: FeedJSONTests.media()).children.count)
  #expect(episode.count == Mirror(reflecting: FeedJSONTests.episode()).children.count)
}

@Test func `an item that says nothing more has no member of ours`() throws {
  var plain = FeedItem()
  plain.guid = "1"
  plain.title = "One"
  #expect(String(decoding: text(plain), as: UTF8.self) == #"{"id":"1","title":"One"}"#)
  #expect(try item(#"{"id":"1","title":"One","_rill":{"of a newer version":[{}]}}"#) == plain)
}

@Test func `a place that is on no map is passed over, and the item stands`() throws {
  for place in [
    #"{"shape":"point","positions":[{"latitude":91,"longitude":0}]}"#,
    #"{"shape":"point","positions":[{"latitude":1}]}"#,
    #"{"shape":"cube","positions":[{"latitude":1,"longitude":0}]}"#,
    #"{"shape":"line","positions":[{"latitude":1,"longitude":0}]}"#, "{}",
  ] {
    let read = try item(#"{"id":"1","_rill":{"place":\#(place),"comments_count":2}}"#)
    #expect(read.facts?.place == nil, "\(place)")
    #expect(read.facts?.commentsCount == 2)
  }
}

@Test(
  arguments: [
    (0, "0"), (-3, "-3"), (2.5, "2.5"), (-0.000_001, "-1e-06"), (1e300, "1e+300"), (.nan, "null"),
    (.infinity, "null"),
  ] as [(Double, String)]
)
func `a number that may have a fraction is written as short as it can be`(
  number: Double,
  expected: String
) throws {
  var writer = JSONWriter()
  writer.value(number)
  #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
  guard number.isFinite else { return }
  var reader = JSONReader(writer.bytes)
  #expect(try reader.decimal() == number)
}

@Test func `a number beyond all bounds is refused`() {
  var reader = JSONReader(Array("1e999".utf8))
  #expect(throws: JSONError(reason: .badNumber, offset: 0)) { try reader.decimal() }
}

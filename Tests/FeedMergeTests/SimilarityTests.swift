import Foundation
import Testing

@testable import FeedMerge

private func figures(_ half: LabelledSet.Half) throws -> (row: String, wrong: [String]) {
  let pairs = try LabelledSet(half).pairs
  let similar = pairs.filter(\.isSimilar)
  let found = similar.count(where: \.isFound)
  let madeUp = pairs.count - similar.count
  let precision = Double(found) / Double(found + madeUp)
  let recall = Double(found) / Double(similar.count)
  let families = try LabelledSet.families(half).count
  let numbers = [precision, recall].map { String(format: "%.3f", $0) }.joined(separator: " | ")
  let wrong = pairs.filter { $0.isFound != $0.isSimilar }
    .map {
      "\($0.isSimilar ? "missed" : "made up"): \($0.one.family) \($0.one.kind), \($0.other.family) \($0.other.kind)"
    }
  #expect(precision >= 0.98 && recall >= 0.9, "\(wrong.joined(separator: "\n"))")
  return (
    "| \(half.rawValue) | \(families) | \(similar.count) | \(found) | \(madeUp) | \(numbers) |",
    wrong
  )
}

@Test(arguments: LabelledSet.Half.allCases)
func `on each part of the labelled set precision is at least 0.98 and recall 0.90, as documented`(
  half: LabelledSet.Half
) throws {
  let page = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Documentation/Similar.md")
  let figures = try figures(half)
  let text = try String(contentsOf: page, encoding: .utf8)
  #expect(text.contains(figures.row), "\(figures.row)\n\(figures.wrong.joined(separator: "\n"))")
}

@Test func `the labelled set has enough of everything`() throws {
  let articles = try LabelledSet.Half.allCases.flatMap { try LabelledSet($0).articles }
  #expect(articles.count { $0.kind == "base" } >= 60)
  for kind in ["rewrite", "strong", "excerpt", "wrapped", "correction", "update", "translation"] {
    #expect(articles.contains { $0.kind == kind }, "\(kind)")
  }
  let languages = Set(articles.map { $0.family.prefix(3) })
  #expect(languages.isSuperset(of: ["en-", "de-", "fr-", "es-", "ru-", "zh-", "ja-", "ar-"]))
}

private let text = """
  The Tessel yard in Port Alder builds six ferries for Norrvik Lines, worth 410 million crowns. \
  They go into service in 2029, said Maren Oddvik, and take 280 passengers each.
  """

private func similarity(
  _ one: String,
  _ other: String,
  _ titles: [String] = ["", ""]
) -> Similarity {
  similarity(
    of: TextProfile(title: titles[0], text: one),
    and: TextProfile(title: titles[1], text: other)
  )
}

@Test func `a text is like itself, also in capitals and without its accents`() {
  #expect(similarity(text, text).facts == 1)
  #expect(similarity(text, text).runs == 1)
  #expect(similarity("Crème brûlée à Łódź", "CREME BRULEE A LODZ").words == 1)
  #expect(similarity("Ёлка у Алтаи\u{306}ских гор", "елка у алтаиских ГОР").words == 1)
  #expect(similarity("Năm 2031 Việt", "nam 2031 viet").words == 1)
  #expect(similarity("ＦＥＲＲＹ 1,234", "ferry 1.234").facts == 1)
}

@Test func `similarity is the same either way round`() throws {
  let articles = try LabelledSet(.training).articles.prefix(12)
  for one in articles {
    for other in articles {
      #expect(
        similarity(of: one.profile, and: other.profile)
          == similarity(of: other.profile, and: one.profile)
      )
    }
  }
}

@Test func `a form that was filled in twice differs in numbers and names between the same words`() {
  let monday = "Rain in Dunhaven with 17 degrees and wind of 30 knots from the west all day long."
  let tuesday = "Rain in Velling with 21 degrees and wind of 45 knots from the west all day long."
  #expect(similarity(monday, tuesday).conflicts == 1)
  #expect(similarity(monday, monday).conflicts == 0)
  #expect(!similarity(monday, tuesday).isSimilar(inOneFeed: false))
}

@Test func `parts and versions in titles count as a conflict, numbers of one alone do not`() {
  #expect(similarity(text, text, ["Part 12", "Part 13"]).titleConflict == 1.5)
  #expect(similarity(text, text, ["Six ferries, 12 chargers", "Ferries"]).titleConflict == 0)
}

@Test func `within one feed a text below another title is not similar`() {
  let titles = ["Rivers", "Bread"]
  #expect(similarity(text, text, titles).isSimilar(inOneFeed: false))
  #expect(!similarity(text, text, titles).isSimilar(inOneFeed: true))
  #expect(similarity(text, text, ["Ferries", "Ferries"]).isSimilar(inOneFeed: true))
}

@Test func `texts of a few words are never similar`() {
  #expect(!similarity("Comments", "Comments").isSimilar(inOneFeed: false))
  #expect(!similarity("", "").isSimilar(inOneFeed: false))
}

@Test func `an excerpt shares hashes with a full text of any length`() {
  let rest = (0..<4000).map { "word\($0 &* 7919 % 10007)" }.joined(separator: " ")
  let full = TextProfile(title: "", text: "\(text)\n\(rest)")
  let excerpt = TextProfile(title: "", text: text)
  #expect(Set(full.sketch).intersection(excerpt.sketch).count >= 2)
  #expect(full.sketch.count <= 28)
}

@Test func `a sketch is the same on every machine`() {
  #expect(TextProfile(title: "", text: "one two three").sketch == [2_759_329_538])
}

@Test func `a letter and its capital are one, with and without an accent`() {
  let letters = [
    0x41...0x5A, 0xC0...0x17E, 0x391...0x3A9, 0x410...0x42F, 0x4C1...0x4CE, 0x1E00...0x1EF8,
  ]
  .joined()
  for value in letters {
    guard let scalar = Unicode.Scalar(value), scalar.properties.isUppercase else { continue }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    guard lower.count == 1, let small = lower.first else { continue }
    #expect(foldedLetter(scalar.value) == foldedLetter(small.value), "\(scalar)")
  }
  for (accented, plain) in zip("řšžŵçñőążđł".unicodeScalars, "rszwcnoazdl".unicodeScalars) {
    #expect(foldedLetter(accented.value) == plain.value, "\(accented)")
  }
}

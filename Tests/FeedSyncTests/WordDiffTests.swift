import FeedSync
import TestSupport
import Testing

private func side(_ kind: DiffRun.Kind, of runs: [DiffRun]) -> [String] {
  runs.filter { $0.kind == .same || $0.kind == kind }.flatMap(\.words)
}

private func told(_ old: String, _ new: String) -> String {
  wordDiff(words(of: old), words(of: new))
    .map { run in
      let text = line(of: run.words)
      return switch run.kind {
      case .same: text
      case .removed: "[-\(text)-]"
      case .added: "{+\(text)+}"
      }
    }
    .joined(separator: " ")
}

/// Edits of a text: words that come, go and are replaced, and stretches that move.
private func edited(_ words: [String], _ dice: inout Dice) -> [String] {
  var words = words
  for _ in 0..<dice.below(12) {
    let place = dice.below(words.count + 1)
    switch dice.below(4) {
    case 0: words.insert("w\(dice.below(9))", at: place)
    case 1: if place < words.count { words.remove(at: place) }
    case 2: if place < words.count { words[place] = "x\(dice.below(9))" }
    default: words = Array(words[place...] + words[..<place])
    }
  }
  return words
}

@Test(arguments: seeds(200))
func `what was removed and added makes one text of the other`(seed: Int) {
  var dice = Dice(state: UInt64(seed))
  // Few words make many ways; many words few.
  let kinds = [2, 9, 400][dice.below(3)]
  let old = (0..<dice.below(500)).map { _ in "w\(dice.below(kinds))" }
  let new =
    dice.oneIn(4)
    ? (0..<dice.below(500)).map { _ in "w\(dice.below(kinds))" } : edited(old, &dice)
  let runs = wordDiff(old, new)
  #expect(side(.removed, of: runs) == old)
  #expect(side(.added, of: runs) == new)
  #expect(runs.allSatisfy { !$0.words.isEmpty })
  for (run, next) in zip(runs, runs.dropFirst()) {
    #expect(run.kind != next.kind)
    #expect(!(run.kind == .added && next.kind == .removed))
  }
}

@Test(arguments: seeds(100))
func `few edits in different words give no more than these edits`(seed: Int) {
  var dice = Dice(state: UInt64(seed))
  let old = (0..<300).map { "w\($0)" }
  var new = old
  let places = Set((0..<1 + dice.below(20)).map { _ in dice.below(300) })
  for place in places { new[place] = "new\(place)" }
  let runs = wordDiff(old, new)
  #expect(runs.filter { $0.kind == .added }.flatMap(\.words).count <= places.count * 3)
  #expect(side(.removed, of: runs) == old)
  #expect(side(.added, of: runs) == new)
}

@Test func `equal texts have one stretch, and nothing has none`() {
  #expect(wordDiff(["a", "b"], ["a", "b"]) == [DiffRun(.same, ["a", "b"])])
  #expect(wordDiff([], []).isEmpty)
  #expect(wordDiff(["a"], []) == [DiffRun(.removed, ["a"])])
  #expect(wordDiff([], ["a"]) == [DiffRun(.added, ["a"])])
}

@Test func `words are told as a person would tell them`() {
  #expect(
    told("It pulls like a horse.", "It pulls like a mule.")
      == "It pulls like a [-horse.-] {+mule.+}"
  )
  #expect(told("one two three", "one three") == "one [-two-] three")
  // What stands in both by chance alone is no reason to tear a new sentence to pieces.
  #expect(
    told("Rain fell on the old town all day", "Nobody knew why the tower leaned that far")
      == "[-Rain fell on the old town all day-] {+Nobody knew why the tower leaned that far+}"
  )
}

@Test func `where no spaces are written each character is a word`() {
  #expect(words(of: "今日は雨 rain, 明日") == ["今", "日", "は", "雨", "rain,", "明", "日"])
  #expect(words(of: "iPhoneを買う") == ["iPhone", "を", "買", "う"])
  #expect(line(of: words(of: "今日は雨です。")) == "今日は雨です。")
  #expect(told("今日は雨です", "今日は雪です") == "今日は [-雨-] {+雪+} です")
  #expect(words(of: "한국어 띄어쓰기") == ["한국어", "띄어쓰기"])
}

@Test(.timeLimit(.minutes(1)))
func `a hundred thousand words that have little in common take no minute`() {
  var dice = Dice(state: 7)
  let old = (0..<100_000).map { _ in "w\(dice.below(50))" }
  let new = (0..<100_000).map { _ in "w\(dice.below(50))" }
  let runs = wordDiff(old, new)
  #expect(side(.removed, of: runs) == old)
  #expect(side(.added, of: runs) == new)
}

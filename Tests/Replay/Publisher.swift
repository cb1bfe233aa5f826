import FeedModel
import TestSupport

/// A site with a feed, and the habits that a seed drew for it.
struct Publisher {
  let number: Int
  /// What it is like all year.
  let habits: Set<Habit>
  private(set) var dice: Dice
  private let vocabulary: Vocabulary
  private let window: Int
  /// New articles in a hundred fetches.
  private let rate: Int
  private let firstHost: String
  /// At which fetch what happens to the whole site.
  private let turns: [Int: Habit]
  private var host: String
  private var scheme = "http"
  private var guidEra = 0
  private var linkEra = 0
  private var format: WrittenDocument.Format
  private var essays: [Essay] = []
  /// What was seen of each article last: an edit that nobody could follow is not shown.
  private var shown: [Int: Essay] = [:]
  private var acquaintance = Acquaintance()
  private let thread: [String]

  /// Where the feed is asked for.
  var url: String { "https://feed\(number).replay.example/feed" }

  init(number: Int, seed: Int, fetches: Int) {
    self.number = number
    var dice = Dice(state: UInt64(seed) &* 0x1_0000_01B3 &+ UInt64(number) &* 7919)
    let habits = Profile.drawn(number, &dice)
    self.habits = habits
    let vocabulary = Vocabulary(&dice, hasSpaces: !habits.contains(.withoutSpaces))
    self.vocabulary = vocabulary
    window =
      habits.contains(.dailyLink) ? 1 : [3, 5, 8, 10, 15, 20][dice.below(6)]
    rate = [15, 30, 60, 100][dice.below(4)]
    firstHost = "site\(number).example"
    host = firstHost
    format = [.rss, .rss, .atom, .json][dice.below(4)]
    thread = vocabulary.words(24, &dice)
    var turns: [Int: Habit] = [:]
    let kinds: [Habit] = [
      .toHTTPS, .domainMoved, .systemExchanged, .guidsExchanged, .formatExchanged,
    ]
    for _ in 0..<2 + dice.below(3) {
      let at = fetches / 8 + dice.below(max(1, fetches * 3 / 4))
      turns[at] = kinds[dice.below(kinds.count)]
    }
    self.turns = turns
    self.dice = dice
  }

  /// What the feed is at one fetch.
  ///
  /// - Parameters:
  ///   - fetch: The number of the fetch.
  ///   - now: When it is fetched, in seconds.
  /// - Returns: The answer.
  mutating func answer(_ fetch: Int, now: Int64) -> Answer {
    var answer = Answer()
    if let turn = turns[fetch] {
      take(turn)
      answer.habits.insert(turn)
    }
    write(now)
    edit()
    var known = acquaintance
    for essay in chosen(fetch) {
      guard let (entry, form, isEdited) = entry(of: essay, known, fetch, now) else { continue }
      known.note(essay.number, form)
      if isEdited { answer.habits.formUnion(entry.essay.edits) }
      answer.entries.append(entry)
      answer.forms.append(form)
    }
    if habits.contains(.oneGuid), answer.entries.count < 2 {
      // A guid that all share is seen to be shared only beside another.
      answer.entries = []
      answer.forms = []
    }
    order(&answer)
    let document = WrittenDocument(
      title: "Site \(number)",
      home: "\(scheme)://\(host)/",
      format: format,
      entries: answer.entries
    )
    answer.body = document.bytes
    spoil(&answer)
    return answer
  }

  /// The answer was read: so many of its entries stood in it.
  mutating func wasRead(_ answer: Answer, count: Int) {
    for (entry, form) in zip(answer.entries, answer.forms).prefix(count) {
      acquaintance.note(entry.essay.number, form)
      shown[entry.essay.number] = entry.essay
    }
  }

  private mutating func take(_ turn: Habit) {
    switch turn {
    case .toHTTPS: scheme = "https"
    case .domainMoved: host = "new\(guidEra + linkEra)." + host
    case .systemExchanged:
      guidEra += 1
      linkEra += 1
    case .guidsExchanged: guidEra += 1
    case .formatExchanged:
      format = format == .atom ? .rss : .atom
      if dice.oneIn(2) { guidEra += 1 }
    default: break
    }
  }

  private mutating func write(_ now: Int64) {
    if essays.isEmpty {
      for back in stride(from: window * 2, to: 0, by: -1) {
        write(one: now - Int64(back) * 70_000)
      }
    }
    if habits.contains(.dailyLink) ? dice.below(100) < 60 : dice.below(100) < rate {
      write(one: now - Int64(60 + dice.below(50_000)))
      if dice.oneIn(4) { write(one: now - Int64(1 + dice.below(59))) }
    }
  }

  private mutating func write(one published: Int64) {
    var essay = Essay(
      number: essays.count,
      title: vocabulary.words(3 + dice.below(5), &dice),
      words: vocabulary.words(20 + dice.below(80), &dice),
      published: published,
      author: vocabulary.word(&dice),
      tag: vocabulary.word(&dice)
    )
    if habits.contains(.weeklyThread) {
      (essay.title, essay.words) = (Array(thread.prefix(3)), thread)
    } else if habits.contains(.report) {
      essay.title = Array(thread.prefix(3))
      essay.words =
        thread.flatMap { [$0, String(dice.below(40))] }
    } else if habits.contains(.comic) {
      essay.title = [thread[dice.below(6)]]
      essay.words = []
    } else if habits.contains(.podcast) {
      essay.words = thread
    }
    if habits.contains(.titlesOnly) { essay.words = [] }
    if habits.contains(.untitled) { essay.title = [] }
    essays.append(essay)
  }

  /// Edits some of what stands in the window.
  private mutating func edit() {
    let isFixed =
      habits.contains(.weeklyThread) || habits.contains(.report) || habits.contains(.comic)
      || habits.contains(.podcast)
    guard !isFixed else { return }
    for index in essays.indices.suffix(window) where dice.oneIn(60) {
      var essay = essays[index]
      // What was edited and not shown yet is shown first.
      if let seen = shown[index], seen.revision != essay.revision { continue }
      var kinds: [Habit] = []
      if !essay.title.isEmpty { kinds.append(.titleEdited) }
      if !essay.words.isEmpty { kinds += [.textMended, .textRewritten] }
      if kinds.count == 3 { kinds.append(.titleAndTextEdited) }
      guard !kinds.isEmpty else { continue }
      let kind = kinds[dice.below(kinds.count)]
      if kind == .titleEdited || kind == .titleAndTextEdited {
        essay.title[dice.below(essay.title.count)] = fresh()
      }
      if kind == .textMended || kind == .titleAndTextEdited {
        essay.words[dice.below(essay.words.count)] = fresh()
      }
      if kind == .textRewritten {
        essay.words = Array(essay.words.prefix(essay.words.count / 2))
        essay.words += vocabulary.words(20 + dice.below(40), &dice)
      }
      essay.revision += 1
      essay.edits = [kind]
      if habits.contains(.dateOfEdit) { essay.published += 3600 + Int64(dice.below(80_000)) }
      essays[index] = essay
    }
  }

  /// A word that no text of this publisher has.
  private mutating func fresh() -> String {
    let word = vocabulary.word(&dice)
    return habits.contains(.withoutSpaces)
      ? String(UnicodeScalar(UInt32(0x7E00 + dice.below(2000))) ?? "\u{7E00}")
      : "re" + word + "ing"
  }

  /// What stands in the feed now, the newest first.
  private mutating func chosen(_ fetch: Int) -> [Essay] {
    var chosen = Array(essays.suffix(window).reversed())
    if habits.contains(.alternating), essays.count > 4 {
      let all = essays.suffix(window * 2).reversed()
      chosen = all.filter { ($0.number + fetch).isMultiple(of: 2) }
    }
    if habits.contains(.returning), dice.oneIn(12), essays.count > window {
      let end = dice.below(essays.count - window) + 1
      chosen = Array(essays[..<end].suffix(max(2, window / 2)).reversed())
    }
    return chosen
  }

  private mutating func order(_ answer: inout Answer) {
    var order = Array(answer.entries.indices)
    if habits.contains(.oldestFirst) { order.reverse() }
    if habits.contains(.shuffled) { order.shuffle(using: &dice) }
    if habits.contains(.repeating), !order.isEmpty, dice.oneIn(4) {
      order.insert(order[dice.below(order.count)], at: dice.below(order.count))
    }
    let (entries, forms) = (answer.entries, answer.forms)
    answer.entries = order.map { entries[$0] }
    answer.forms = order.map { forms[$0] }
  }

  private mutating func spoil(_ answer: inout Answer) {
    guard dice.oneIn(12) else { return }
    switch dice.below(4) {
    case 0:
      answer.habits.insert(.serverError)
      answer.status = 500
    case 1:
      answer.habits.insert(.errorPage)
      answer.body = Array("<!DOCTYPE html><html><body><h1>Down for repairs</h1></body></html>".utf8)
    case 2:
      answer.habits.insert(.emptyAnswer)
      answer.body = []
    default:
      answer.habits.insert(.cut)
      let count = answer.body.count
      answer.body.removeLast(1 + dice.below(count * 3 / 4))
    }
  }
}

/// What a publisher's server gives at one fetch.
struct Answer {
  var status = 200
  var body: [UInt8] = []
  /// What stands in the whole document, in its order.
  var entries: [Entry] = []
  var forms: [Form] = []
  /// What is special today.
  var habits: Set<Habit> = []
}

/// One article as it is written into a document.
struct Entry {
  var essay: Essay
  var guid: String?
  var isPermalink = false
  var link: String?
  /// Its page, whether the feed links to it or not.
  var page = ""
  var title: String?
  var html: String?
  var date: Int64?
  var file: String?
}

extension Publisher {
  /// The article as the feed shows it today; nil when nobody could say which one it is.
  private mutating func entry(
    of essay: Essay,
    _ known: Acquaintance,
    _ fetch: Int,
    _ now: Int64
  ) -> (Entry, Form, isEdited: Bool)? {
    let chance = dice.next()
    guard let before = shown[essay.number] else {
      let (entry, form) = written(essay, chance, fetch, now)
      return known.isDistinct(form) ? (entry, form, false) : nil
    }
    for version in before.revision == essay.revision ? [essay] : [essay, before] {
      let (entry, form) = written(version, chance, fetch, now)
      if known.isKnowable(essay.number, form) {
        return (entry, form, version.revision != before.revision)
      }
    }
    return nil
  }

  private func written(
    _ essay: Essay,
    _ chance: UInt64,
    _ fetch: Int,
    _ now: Int64
  ) -> (Entry, Form) {
    var entry = Entry(essay: essay)
    entry.title = essay.title.isEmpty ? nil : vocabulary.text(essay.title)
    entry.date =
      habits.contains(.noDate) ? nil : habits.contains(.dateOfFetch) ? now : essay.published
    let page = page(of: essay)
    entry.page = page
    entry.link = link(of: essay, page, chance)
    entry.guid = guid(of: essay, page, chance, now)
    entry.isPermalink = habits.contains(.pageGuid)
    entry.html = html(of: essay, chance, now)
    if habits.contains(.podcast) {
      entry.file = "https://cdn.example/\(number)/\(essay.number).mp3"
    }
    let isShared = habits.contains(.homeLink)
    let isSession = habits.contains(.sessionLink)
    let isGuidMade =
      habits.contains(.pageGuid) || habits.contains(.numberedGuid) || habits.contains(.opaqueGuid)
    let form = Form(
      guid: habits.contains(.oneGuid) ? nil : entry.guid,
      link: (isShared ? nil : habits.contains(.campaignLink) ? page : entry.link)
        .map(withoutScheme),
      sharedLink: isShared ? entry.link.map(withoutScheme) : nil,
      title: entry.title,
      words: essay.words,
      date: entry.date,
      isDateReal: !habits.contains(.dateOfFetch) && !habits.contains(.noDate),
      hasLastingName: isGuidMade
        || entry.link != nil && !isShared && !isSession && !habits.contains(.dailyLink)
    )
    return (entry, form)
  }

  private func page(of essay: Essay) -> String {
    let path =
      linkEra.isMultiple(of: 2)
      ? "2026/post-\(essay.number)" : "archive/\(linkEra)/\(essay.number * 7 + 3).html"
    return "\(scheme)://\(host)/\(path)"
  }

  private func link(of essay: Essay, _ page: String, _ chance: UInt64) -> String? {
    if habits.contains(.noLink) { return nil }
    if habits.contains(.homeLink) { return "\(scheme)://\(host)/" }
    if habits.contains(.dailyLink) { return "\(scheme)://\(host)/today" }
    if habits.contains(.campaignLink) {
      return page + "?utm_source=rss&utm_campaign=c\(chance % 1000)"
    }
    if habits.contains(.sessionLink) { return page + "?sid=\(String(chance, radix: 16))" }
    return page
  }

  private func guid(
    of essay: Essay,
    _ page: String,
    _ chance: UInt64,
    _ now: Int64
  ) -> String? {
    let era = guidEra == 0 ? "" : "e\(guidEra)-"
    if habits.contains(.pageGuid) { return page }
    if habits.contains(.numberedGuid) {
      return guidEra.isMultiple(of: 2)
        ? "\(scheme)://\(host)/?\(era)p=\(essay.number)"
        : "tag:\(firstHost),2026:\(era)\(essay.number)"
    }
    if habits.contains(.opaqueGuid) {
      return era + String(UInt64(essay.number + 1) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
    }
    if habits.contains(.randomGuid) { return "urn:x:" + String(chance, radix: 16) }
    if habits.contains(.timedGuid) { return "\(era)item-\(essay.number)-\(now)" }
    if habits.contains(.titledGuid) { return era + essay.title.joined(separator: "-") }
    if habits.contains(.datedGuid) { return "\(firstHost)/\(era)\(essay.published)" }
    if habits.contains(.hashedGuid) {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in (essay.title + essay.words).joined(separator: " ").utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
      return era + String(hash, radix: 16)
    }
    if habits.contains(.oneGuid) { return firstHost }
    return nil
  }

  private func html(of essay: Essay, _ chance: UInt64, _ now: Int64) -> String? {
    if habits.contains(.comic) {
      return "<img src=\"https://cdn.example/\(number)/\(essay.number).png\" alt=\"\">"
    }
    guard !essay.words.isEmpty else { return nil }
    let half = essay.words.count / 2
    var html =
      "<p>\(vocabulary.text(Array(essay.words[..<half])))</p>\n"
      + "<p>\(vocabulary.text(Array(essay.words[half...])))</p>"
    if habits.contains(.markup) {
      html = "<div id=\"n\(chance % 100_000)\" class=\"c\(chance % 7)\">\(html)</div>"
    }
    if habits.contains(.counters) {
      let views = (now - essay.published) / 997 + Int64(essay.number)
      html += "<p>\(views) views, \(chance % 90) comments</p>"
    }
    return html
  }
}

/// `http` and `https` lead to one page.
private func withoutScheme(_ link: String) -> String {
  String(link.drop { $0 != ":" })
}

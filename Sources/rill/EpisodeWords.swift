import FeedModel
import FeedText

/// What a podcast says of an episode, in lines.
struct EpisodeWords {
  private let item: FeedItem
  private let width: Int

  /// More chapters than this are counted.
  private static let chaptersMax = 40

  /// Takes an item over.
  init(_ item: FeedItem, width: Int) {
    self.item = item
    self.width = width
  }

  /// None for what is no episode.
  var lines: [[Piece]] {
    guard let episode = item.facts?.episode else { return [] }
    var lines: [[Piece]] = []
    let place = place(episode)
    if !place.isEmpty { lines += filled(place) }
    if !episode.people.isEmpty {
      let people = episode.people.prefix(20).map { "\($0.name) (\($0.role ?? "host"))" }
      lines += filled("With " + people.joined(separator: ", "))
    }
    for chapter in episode.chapters.prefix(Self.chaptersMax) {
      let start = clock(Int64(max(0, min(chapter.startInSeconds, 1e9))))
      lines.append([
        Piece(padded(start, toCells: 8, alignedRight: true) + "  ", .yellow),
        Piece(fitted(terminalSafe(chapter.title ?? ""), toCells: width - 10), link: chapter.url),
      ])
    }
    let more = episode.chapters.count - Self.chaptersMax
    if more > 0 { lines.append([Piece("          and \(counted(more, "more chapter"))", .dim)]) }
    for transcript in episode.transcripts {
      let facts = [transcript.language, transcript.mimeType].compactMap(\.self)
      let words = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
      lines.append([
        Piece("Transcript\(words): "), Piece(transcript.url, .dim, link: transcript.url),
      ])
    }
    return lines
  }

  /// `Season 2 (Rivers), episode 5, trailer, explicit`.
  private func place(_ episode: Episode) -> String {
    var facts: [String] = []
    if let season = episode.season {
      facts.append("season \(season)" + (episode.seasonName.map { " (\($0))" } ?? ""))
    }
    if let name = episode.numberName {
      facts.append("episode \(name)")
    } else if let number = episode.number {
      let isWhole = number.rounded() == number && abs(number) < 1e9
      facts.append("episode " + (isWhole ? "\(Int(number))" : "\(number)"))
    }
    if let kind = episode.kind, kind != .full { facts.append(kind.rawValue) }
    if episode.isExplicit == true { facts.append("explicit") }
    let words = facts.joined(separator: ", ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  private func filled(_ text: String) -> [[Piece]] {
    wrapped(capped(terminalSafe(text)), width: width).map { [Piece($0)] }
  }
}

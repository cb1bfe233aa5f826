import FeedIndex
import FeedModel
import FeedText

/// Lays an article out for reading: head, body, files, addresses, and what stands beside it.
struct ShowLayout {
  private let item: FeedItem
  private let row: ArticleRow
  private let width: Int

  /// A line of text is read with ease up to this width.
  private static let comfortable = 80

  /// Takes an article over.
  ///
  /// - Parameters:
  ///   - item: The whole of it.
  ///   - row: What lists show of it.
  ///   - columns: Cells in a line of the terminal.
  init(_ item: FeedItem, _ row: ArticleRow, columns: Int) {
    self.item = item
    self.row = row
    width = max(20, min(columns, Self.comfortable))
  }

  /// All lines; those of the publisher's are marked as such.
  var lines: [(pieces: [Piece], isArticle: Bool)] {
    let body =
      if let html = item.contentHTML {
        renderText(html: html, baseURL: item.url, width: width)
      } else {
        renderText(plain: item.contentText ?? item.summary ?? "", width: width)
      }
    var lines = head
    func add(_ block: [[Piece]], isArticle: Bool = true) {
      guard !block.isEmpty else { return }
      if !lines.isEmpty { lines.append(([], false)) }
      lines += block.map { ($0, isArticle) }
    }
    add(body.runs.map { $0.map { Piece($0) } })
    add(files(beside: body))
    add(EpisodeWords(item, width: width).lines)
    add(
      body.links.enumerated()
        .map { index, link in
          [Piece("[\(index + 1)] ", .yellow), Piece(link, .dim, link: link)]
        }
    )
    add(similar, isArticle: false)
    return lines
  }

  private var head: [(pieces: [Piece], isArticle: Bool)] {
    var lines: [(pieces: [Piece], isArticle: Bool)] =
      renderText(plain: item.title ?? "(no title)", width: width).lines
      .map { ([Piece($0, .bold)], false) }
    var facts = [row.feedTitle]
    if !row.authors.isEmpty { facts.append(row.authors.joined(separator: ", ")) }
    let date = LocalDate(row.moment)
    facts.append("\(date.fullDay), \(date.time)")
    if row.isStarred { facts.append("starred") }
    if row.isHidden { facts.append("hidden") }
    if row.hasChanged { facts.append("edited: rill diff \(row.id.description.prefix(8))") }
    if !row.tags.isEmpty { facts.append("tags: " + row.tags.joined(separator: ", ")) }
    lines += filled(facts.joined(separator: " · ")).map { ([Piece($0, .dim)], false) }
    if let url = item.url { lines.append(([Piece(url, .dim, link: url)], true)) }
    if let url = item.externalURL, url != item.url {
      lines.append(([Piece("About: ", .dim), Piece(url, .dim, link: url)], true))
    }
    for copy in row.copies {
      lines.append(([Piece("Also in \(copy.feedTitle): rill show \(copy.id)", .dim)], false))
    }
    return lines
  }

  private func filled(_ text: String) -> [String] {
    wrapped(capped(terminalSafe(text)), width: width)
  }

  /// Attached files, the main picture where the text shows none, and the comments.
  private func files(beside body: RenderedText) -> [[Piece]] {
    var lines: [[Piece]] = []
    for file in item.attachments {
      lines += filled(words(file)).map { [Piece($0, .green)] }
      lines.append([Piece("  "), Piece(file.url, .dim, link: file.url)])
    }
    if !item.attachments.isEmpty {
      lines.append([Piece("Keep: rill download \(row.id.description.prefix(8))", .dim)])
    }
    let isShown = body.lines.contains { $0.contains("[image") }
    if let image = item.image, !isShown, !item.attachments.contains(where: { $0.url == image }) {
      lines.append([Piece("Picture: ", .green), Piece(image, .dim, link: image)])
    }
    if let url = item.commentsURL {
      let count = item.facts?.commentsCount.map { " (\($0))" } ?? ""
      lines.append([Piece("Comments\(count): ", .dim), Piece(url, .dim, link: url)])
    }
    return lines
  }

  /// `Audio: A title · 31:05 · 12.3 MB · audio/mpeg`.
  private func words(_ file: Attachment) -> String {
    let type = file.mimeType?.lowercased()
    let kind =
      switch type?.prefix(while: { $0 != "/" }) {
      case "audio": "Audio"
      case "video": "Video"
      case "image": "Picture"
      default: "File"
      }
    var facts = [file.title].compactMap(\.self)
    if let seconds = file.durationInSeconds, seconds > 0 { facts.append(clock(seconds)) }
    if let bytes = file.sizeInBytes, bytes > 0 {
      facts.append(spelled(bytes: Int(clamping: bytes)))
    }
    if let type = file.mimeType { facts.append(type) }
    return facts.isEmpty ? kind + ":" : "\(kind): \(facts.joined(separator: " · "))"
  }

  private var similar: [[Piece]] {
    row.similar.map { other in
      [
        Piece("Similar: ", .dim), Piece("\(other.id)", .yellow),
        Piece("  \(other.feedTitle)", .cyan), Piece("  \(other.title ?? "(no title)")"),
      ]
    }
  }
}

/// A length of time as players show it: `4:05`, `1:02:03`.
func clock(_ seconds: Int64) -> String {
  func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + "\(number)" }
  let (minutes, rest) = (seconds / 60, seconds % 60)
  return minutes < 60
    ? "\(minutes):\(two(rest))" : "\(minutes / 60):\(two(minutes % 60)):\(two(rest))"
}

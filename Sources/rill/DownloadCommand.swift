import ArgumentParser
import FeedFetch
import FeedIndex
import FeedModel
import FeedSync

/// `rill download`.
struct DownloadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "download",
    abstract: "Keep the files of articles: episodes, films, pictures.",
    discussion: """
      Files go to --to DIR, or else to the setting download.dir, or else to
      $XDG_DOWNLOAD_DIR, or else here. Their names begin with the day and the id of
      the article. What is there already is left as it is. A file that broke off is
      kept as .part, and gone on with the next time where the server knows it
      again. No file is larger than download.max-bytes, and none is begun that the
      disk has no room for. As with feeds, private addresses are refused unless
      fetch.allow-addresses names them.

      Prints the path of each file.

      Examples:
        rill download k7m2
        rill download k7m2 --to ~/Podcasts
        rill list --json --feed 'My podcast' | jq -r .id | rill download -
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var network: NetworkOptions
  @Argument(
    help: "Ids or unique beginnings of ids; - reads them from standard input.",
    completion: .articles
  )
  var ids: [String]
  @Option(
    help: ArgumentHelp("Put files into this directory.", valueName: "dir"),
    completion: .directory
  )
  var to: String?
  @Flag(name: .shortAndLong, help: "Print nothing but errors.") var quiet = false

  func run() async throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let rows = try typedIDs(ids).map { try library.article(named: $0) }
    let settings = try await Settings(configFile: surroundings.configFile)
    let path = absolute(to ?? settings.text(.downloadFolder) ?? Self.standardFolder)
    let bytesMax = try settings.value(of: .downloadBytes)
    let fetcher = try settings.fetcher(
      resolve: network.resolve,
      jobs: 1,
      bytesMax: bytesMax,
      seconds: try settings.value(of: .downloadTime)
    )
    defer { fetcher.stop() }
    let personal = PersonalOptions(
      try surroundings.credentialFile.secrets(),
      passwordSeconds: try settings.passwordSeconds()
    )
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    makeDownloadDirectory(path)
    guard let folder = DownloadFolder(path) else {
      throw Failure(
        .noPermission,
        "\(path) is no directory that may be written. Name another with --to."
      )
    }
    var failures = 0
    var files = 0
    for row in rows {
      let feed = feeds.first { $0.id == row.feed }
      for (name, url) in try self.files(of: row, library) {
        files += 1
        var request = FetchRequest(url: url, isTyped: false, now: surroundings.clock())
        if let feed, WebURL(feed.url)?.origin == WebURL(url)?.origin,
          case .success(let options) = await personal.options(for: feed)
        {
          request.options = options
        }
        let download = FileDownload(
          folder: folder,
          name: name,
          request: request,
          bytesMax: Int64(bytesMax),
          fetcher: fetcher,
          isQuiet: quiet
        )
        if !say(await download.run(), path: path + "/" + name, url: url) { failures += 1 }
      }
    }
    // Where nothing was named, such as by a list with nothing new, there is nothing to miss.
    if rows.isEmpty { return }
    if files == 0 {
      throw Failure(
        .usage,
        "\(rows.count == 1 ? "It has" : "They have") no file to keep.\(Self.step)"
      )
    }
    if failures > 0 {
      Output.standard.finish()
      leave(failures == files ? .allFailed : .someFailed)
    }
  }

  private static let step = " See what an article has with: rill show ID"

  private static var standardFolder: String {
    let folder = variable("XDG_DOWNLOAD_DIR")
    return folder.hasPrefix("/") ? folder : "."
  }

  /// The files of an article on the web, each with the name that it gets.
  private func files(of row: ArticleRow, _ library: Library) throws -> [(String, String)] {
    let article = try failing { () throws(LibraryError) in try library.article(at: row) }
    var names: Set<String> = []
    var urls: Set<String> = []
    return (article?.item.attachments ?? [])
      .compactMap { file in
        guard let url = WebURL(file.url), url.isWeb, urls.insert(url.text).inserted else {
          return nil
        }
        var number = 0
        while true {
          number += 1
          let name = downloadName(
            url: file.url,
            mimeType: file.mimeType,
            date: row.moment,
            id: row.id,
            number: number
          )
          if names.insert(name).inserted { return (name, url.text) }
        }
      }
  }

  private func say(_ outcome: FileDownload.Outcome, path: String, url: String) -> Bool {
    switch outcome {
    case .done, .there:
      if !quiet {
        Output.standard.line(path)
        if case .there = outcome { Output.error.line("It is there already: \(path)") }
      }
      return true
    case .failed(let words, let isKept):
      Output.error.line(
        "rill: \(url): \(words)"
          + (isKept ? " What came is kept; run this again to go on." : "")
      )
      return false
    }
  }
}

import TestSupport
import Testing

private let document = """
  <rss version="2.0"><channel><title>Good</title>\
  <item><guid>1</guid><title>Harbour</title></item>\
  <item><guid>2</guid><title>Lights or lamps</title></item></channel></rss>
  """

/// A machine that has read one feed with two articles.
private func machine() throws -> Machine {
  let machine = try Machine()
  #expect(try machine.rill("add", machine.file("feed.xml", document)).status == 0)
  #expect(try machine.rill("mark", "read", "--all").status == 0)
  return machine
}

// What is said where nothing is purged, and where nothing is found.
extension ProgramTests {
  @Test func `a purge that finds nothing says by what it was looked for`() throws {
    let machine = try machine()
    for (arguments, words) in [
      ([], "nothing says how long they are kept"),
      (["--keep", "1"], "beyond that number"),
      (["--older-than", "2d"], "older than that"),
      (["--older-than", "2d", "--keep", "1"], "past the age and the number"),
    ] {
      let run = try machine.run(["gc"] + arguments)
      #expect(run.status == 0)
      #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
      #expect(run.errors.contains("old enough") == false)
      #expect(run.errors.contains("feed's document") == !arguments.isEmpty)
    }
    for value in [["--keep", "-1"], ["--keep=-1"], ["--keep", "0"]] {
      let run = try machine.run(["gc"] + value)
      #expect(run.status == 64)
      #expect(run.errors.contains("--keep is a number from 1 on."), "\(run.errors)")
    }
  }

  @Test(arguments: [
    ("is:unread", "--unread"), ("harbour is:starred", "rill list"), ("feed:good", "--feed good"),
    ("-feed:good harbour", "--feed good"), ("Tag:news x", "--tag news"), ("since:2d", "--since 2d"),
  ])
  func `a filter among the words of a search is not looked for, and its option is named`(
    words: String,
    option: String
  ) throws {
    let machine = try Machine()
    let run = try machine.run(["search", "--"] + words.split(separator: " ").map(String.init))
    #expect(run.status == 64)
    #expect(run.errors.contains("is not understood"), "\(run.errors)")
    #expect(run.errors.contains(option), "\(run.errors)")
  }

  @Test func `a search says how many articles could not be read, and finds them by their titles`()
    throws
  {
    let machine = try machine()
    let run = try machine.shell(
      "mv \(machine.home)/store/dev \(machine.home)/dev; $RILL search harbour --tsv"
    )
    #expect(run.status == 0)
    #expect(run.lines.count == 1)
    #expect(run.errors.contains("2 articles could not be read"), "\(run.errors)")
    let again = try machine.shell(
      "mv \(machine.home)/dev \(machine.home)/store/dev; $RILL search harbour --tsv"
    )
    #expect(again.lines.count == 1)
    #expect(again.errors.isEmpty, "\(again.errors)")
  }

  @Test func `words in quotes are looked for as they stand, and or is a word`() throws {
    let machine = try machine()
    #expect(try machine.rill("search", "lights or lamps", "--json").lines.count == 1)
    let choice = try machine.rill("search", "harbour or lights")
    #expect(choice.status == 0)
    #expect(choice.errors.contains("\"or\" was looked for as a word"), "\(choice.errors)")
    for words in ["\"is:unread\"", "nowhere", "\"harbour or lights\"", "re:harbour-no"] {
      let run = try machine.rill("search", words)
      #expect(run.status == 0)
      #expect(run.errors == "Nothing found.\n", "\(run.errors)")
    }
  }
}

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

  @Test func `words in quotes are looked for as they stand, and or is a choice`() throws {
    let machine = try machine()
    #expect(try machine.rill("search", "harbour or lamps", "--json").lines.count == 2)
    #expect(try machine.rill("search", "\"or\" lights", "--json").lines.count == 1)
    for words in ["\"is:unread\"", "nowhere", "\"harbour or lights\"", "re-harbour-no"] {
      let run = try machine.rill("search", words)
      #expect(run.status == 0)
      #expect(run.errors == "Nothing found.\n", "\(run.errors)")
    }
  }
}

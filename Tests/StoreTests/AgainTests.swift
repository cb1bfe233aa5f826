import FeedJSON
import TestSupport
import Testing

private func feed(_ names: [String]) -> String {
  let items = names.map { "<item><guid>\($0)</guid><title>\($0)</title></item>" }
  return "<rss version=\"2.0\"><channel><title>Again</title>\(items.joined())</channel></rss>"
}

@Test func `a feed that goes back and forth between two sets of items makes nothing unread twice`()
  throws
{
  let machine = try Machine()
  let sets = [["one", "two", "three"], ["four", "five", "one"]]
  let path = try machine.file("feed.xml", feed(sets[0]))
  #expect(try machine.rill("add", path, now: "2026-11-01T12:00:00Z").status == 0)
  for day in 2...9 {
    _ = try machine.file("feed.xml", feed(sets[day % 2]))
    let now = "2026-11-0\(day)T12:00:00Z"
    let run = try machine.rill("sync", "--json", now: now)
    #expect(run.status == 0)
    let unread = try machine.rill("list", "--json", now: now).objects().count
    #expect(unread == (day == 2 ? 3 : day == 3 ? 2 : 0), "day \(day)")
    #expect(try machine.rill("mark", "read", "--all", now: now).status == 0)
  }
  #expect(try machine.rill("list", "--all", "--json").objects().count == 5)
}

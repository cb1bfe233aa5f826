import FeedJSON
import Foundation
import TestSupport
import Testing

private let url = "https://a.example/feed"

/// All files below a directory that hold a text.
private func files(with text: String, below directory: String) throws -> [String] {
  try FileManager.default.subpathsOfDirectory(atPath: directory)
    .filter { name in
      // A directory has no contents.
      let data = FileManager.default.contents(atPath: directory + "/" + name)
      return data?.range(of: Data(text.utf8)) != nil
    }
    .sorted()
}

/// A machine that follows one feed.
private func machine() throws -> Machine {
  let machine = try Machine()
  _ = try machine.rill("add", "--no-sync", url)
  return machine
}

/// What `rill set` shows, by name.
private func shown(_ machine: Machine) throws -> [String: String] {
  try machine.rill("set", url).lines
    .reduce(into: [:]) { shown, line in
      let name = line.prefix { $0 != " " }
      shown[String(name)] = line.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
    }
}

extension ProgramTests {
  @Test func `what is harmless is kept in the store, and shown`() throws {
    let machine = try machine()
    let run = try machine.rill(
      "set",
      url,
      "--title",
      "Mine",
      "--tag",
      "one",
      "--tag",
      "two",
      "--interval",
      "30m",
      "--user-agent",
      "Reader of Ann",
      "--http1.1"
    )
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.errors == "Set for \(url).\n")
    let first = try shown(machine)
    #expect(first["title"]?.hasPrefix("Mine") == true)
    #expect(first["tags"] == "one, two")
    #expect(first["interval"] == "30m")
    #expect(first["user-agent"] == "Reader of Ann")
    #expect(first["http1.1"] == "yes")
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/config/credentials"))
    // The store says it all: an index that is built anew knows it too.
    try FileManager.default.removeItem(atPath: machine.home + "/cache")
    #expect(try shown(machine) == first)
    _ = try machine.rill(
      "set",
      "Mine",
      "--title",
      "",
      "--untag",
      "one",
      "--interval",
      "default",
      "--user-agent",
      "default",
      "--no-http1.1"
    )
    let second = try shown(machine)
    #expect(second["title"] == url)
    #expect(second["tags"] == "two")
    #expect(second["interval"] == "its own cadence")
    #expect(second["user-agent"] == "Rill's")
    #expect(second["http1.1"] == "no")
  }

  @Test func `what is that way already is not written again`() throws {
    let machine = try machine()
    _ = try machine.rill("set", url, "--interval", "2h", "--tag", "one")
    let before = try files(with: "fetch.interval", below: machine.home + "/store")
    let journal = try #require(before.first)
    let size = try Data(contentsOf: URL(fileURLWithPath: machine.home + "/store/" + journal)).count
    let run = try machine.rill("set", url, "--interval", "2h", "--tag", "one")
    #expect(run.errors.contains("that way already"))
    let path = URL(fileURLWithPath: machine.home + "/store/" + journal)
    #expect(try Data(contentsOf: path).count == size)
  }

  @Test func `what is secret stands in the credential file alone and is never shown`() throws {
    let machine = try machine()
    var said = ""
    for arguments in [
      ["--user", "ann"], ["--header", "X-Api-Key: canary-header"],
      ["--proxy", "http://me:canary-proxy@proxy.example:3128"], ["--insecure"], [],
    ] {
      let run = try machine.shell(
        "printf 'canary-password\\n' | $RILL set \(url) "
          + arguments.map { "'\($0)'" }.joined(separator: " ")
      )
      #expect(run.status == 0, "\(run.errors)")
      said += run.output + run.errors
    }
    said += try machine.rill("sync", now: "2026-11-22T08:00:00Z").errors
    said += try machine.rill("feeds", "--json").output
    #expect(!said.contains("canary"))
    #expect(said.contains("ann") && said.contains("X-Api-Key: ***"))
    for secret in ["canary-password", "canary-header", "canary-proxy"] {
      #expect(try files(with: secret, below: machine.home) == ["config/credentials"])
    }
    let facts = try FileManager.default.attributesOfItem(
      atPath: machine.home + "/config/credentials"
    )
    #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    _ = try machine.rill("set", url, "--no-credentials", "--no-headers")
    for secret in ["canary-password", "canary-header"] {
      #expect(try files(with: secret, below: machine.home) == [])
    }
    _ = try machine.rill("set", url, "--proxy", "default", "--no-insecure")
    #expect(try files(with: "a.example", below: machine.home + "/config") == [])
  }

  @Test func `a credential file that others can read is refused, and says how to close it`() throws
  {
    let machine = try machine()
    _ = try machine.rill("set", url, "--header", "X-Api-Key: canary")
    let path = machine.home + "/config/credentials"
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    for arguments in ["set \(url)", "sync", "set \(url) --header 'A: b'"] {
      let run = try machine.shell("$RILL " + arguments)
      #expect(run.status == 77, "\(arguments): \(run.errors)")
      #expect(run.errors.contains("chmod 600 \(path)"))
    }
    #expect(try files(with: "canary", below: machine.home) == ["config/credentials"])
  }

  @Test(
    arguments: [
      "{", "[]", #"{"feeds":{"x":{}}}"#, #"{"feeds":{}} x"#, #"{"other":1}"#,
      #"{"feeds":{"aaaaaaaaaaaaaaaaaaaa":{"origin":"https://a.example","pasword":"canary"}}}"#,
      #"{"feeds":{"aaaaaaaaaaaaaaaaaaaa":{"origin":"https://a.example","headers":["canary"]}}}"#,
    ]
  )
  func `a credential file that is not understood is refused and left as it is`(text: String) throws
  {
    let machine = try machine()
    _ = try machine.rill("set", url, "--header", "X: y")
    let path = try machine.file("config/credentials", text)
    let run = try machine.rill("set", url, "--header", "A: b")
    #expect(run.status == 64)
    #expect(run.errors.contains(path))
    #expect(!run.errors.contains("canary"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func `a password comes from standard input, where there is no terminal, or not at all`()
    throws
  {
    let machine = try machine()
    let none = try machine.rill("set", url, "--user", "ann")
    #expect(none.status == 64)
    #expect(none.errors.contains("Nothing was changed"))
    #expect(try shown(machine)["user"] == nil)
    #expect(try machine.rill("set", url, "--user", "ann", input: "pw\nmore\n").status == 0)
    #expect(try files(with: #""password":"pw""#, below: machine.home) == ["config/credentials"])
    let nobody = try machine.rill("set", url, "--no-credentials", "--header", "A: b")
    #expect(nobody.status == 0)
    let lone = try machine.rill("set", url, "--password-command", "pass show x")
    #expect(lone.status == 64)
    #expect(lone.errors.contains("--user"))
  }

  @Test func `a password in the new address goes to the credential file, with a notice`() throws {
    let machine = try machine()
    let run = try machine.rill("set", url, "--url", "https://ann:c%61nary@b.example/feed")
    #expect(run.status == 0)
    #expect(run.errors.contains("User and password were taken out of the address."))
    #expect(!run.errors.contains("c%61nary") && !run.errors.contains("canary"))
    #expect(try files(with: "canary", below: machine.home) == ["config/credentials"])
    #expect(try files(with: "c%61nary", below: machine.home) == [])
    let feed = try machine.rill("feeds", "--json").objects()[0]
    #expect(feed["url"] == .string("https://b.example/feed"))
  }

  @Test func `a feed that goes elsewhere does not take along what is set for its old place`() throws
  {
    let machine = try machine()
    _ = try machine.rill("set", url, "--header", "X-Api-Key: canary")
    let moved = try machine.rill("set", url, "--url", "https://b.example/feed")
    #expect(moved.errors.contains("is not sent to https://b.example"))
    let shown = try machine.rill("set", "https://b.example/feed")
    #expect(shown.output.contains("https://a.example, so not now"))
    let new = try machine.rill("set", "https://b.example/feed", "--header", "Other: x")
    #expect(new.errors.contains("What was set for https://a.example is forgotten."))
    #expect(try files(with: "canary", below: machine.home) == [])
  }

  @Test func `adding a feed again changes what is typed and leaves the rest that is set`() throws {
    let machine = try machine()
    _ = try machine.rill("set", url, "--user", "ann", "--password-command", "pass show a")
    _ = try machine.rill("set", url, "--header", "X-One: canary")
    _ = try machine.rill("add", "--no-sync", url, "--proxy", "http://proxy.example:3128")
    _ = try machine.rill("add", url, "--header", "X-Two: canary")
    let run = try machine.rill("set", url)
    for kept in ["ann", "by a command: pass", "X-One: ***", "X-Two: ***", "proxy.example:3128"] {
      #expect(run.output.contains(kept), "\(kept) is not in \(run.output)")
    }
    _ = try machine.rill("add", url, "--no-headers")
    let less = try machine.rill("set", url).output
    #expect(less.contains("ann") && !less.contains("X-One"))
  }

  @Test func `where the store refuses a change, what is secret stays as it was`() throws {
    let machine = try machine()
    // Modes do not bind root, so it is tried as somebody else where that is possible.
    let run = try machine.shell(
      """
      chmod -R a+rwX "$RILL_HOME"; chmod -R a-w "$RILL_HOME/store"; say() { "$@"; }
      [ "$(id -u)" != 0 ] || say() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
      say $RILL set \(url) --title New --header 'X-Key: canary'; status=$?
      chmod -R u+w "$RILL_HOME"; exit $status
      """
    )
    #expect(run.status == 77, "\(run.errors)")
    let credentials = machine.home + "/config/credentials"
    #expect(FileManager.default.fileExists(atPath: credentials))
    #expect(try files(with: "canary", below: machine.home) == [])
  }

  @Test func `a credential file that is a link is written where it leads, whatever its name`()
    throws
  {
    let machine = try machine()
    let path = machine.home + "/gehe\u{301}im-\u{5BC6}.json"
    try FileManager.default.createDirectory(
      atPath: machine.home + "/config",
      withIntermediateDirectories: true
    )
    try FileManager.default.createSymbolicLink(
      atPath: machine.home + "/config/credentials",
      withDestinationPath: path
    )
    let isMade = FileManager.default.createFile(
      atPath: path,
      contents: Data("{}".utf8),
      attributes: [.posixPermissions: 0o600]
    )
    #expect(isMade)
    let run = try machine.rill("set", url, "--header", "X-Key: canary")
    #expect(run.status == 0, "\(run.errors)")
    let written = try String(contentsOfFile: path, encoding: .utf8)
    #expect(written.contains("canary"))
  }

  @Test func `a feed that is removed is named as a shell takes it, and what is set for it stays`()
    throws
  {
    let machine = try Machine()
    let url = "https://a.example/feed?a=1&b=2"
    _ = try machine.rill("add", "--no-sync", url, "--header", "X-Key: canary")
    let run = try machine.rill("remove", url, url)
    #expect(run.errors.contains("rill add '\(url)'"))
    #expect(run.errors.contains("stays in \(machine.home)/config/credentials."))
    #expect(run.errors.split(separator: "\n").count == 2)
    #expect(try files(with: "canary", below: machine.home) == ["config/credentials"])
  }

  @Test func `no two feeds have one address`() throws {
    let machine = try machine()
    _ = try machine.rill("add", "--no-sync", "https://b.example/feed", "--title", "Other")
    let run = try machine.rill("set", url, "--url", "HTTPS://B.example:443/feed")
    #expect(run.status == 64)
    #expect(run.errors.contains("Other is fetched from https://b.example/feed already."))
    let urls = try machine.rill("feeds", "--json").objects().map { $0["url"] }
    #expect(Set(urls) == [.string(url), .string("https://b.example/feed")])
  }

  @Test(
    arguments: [
      "--interval 59s", "--interval soon", "--user-agent ''", "--header 'no colon'",
      "--header 'Host: x'", "--header 'If-None-Match: x'", "--user a:b --password-command x",
      "--user ''", "--password-command ''", "--password-command \"a 'b\" --user x",
      "--proxy ftp://x", "--proxy nonsense", "--tag ''", "--tag x --untag x", "--url nonsense",
      "--url ftp://a.example/", "--no-credentials --user x",
    ]
  )
  func `what cannot be set is a mistake in use and changes nothing`(arguments: String) throws {
    let machine = try machine()
    let before = try shown(machine)
    let run = try machine.shell("echo pw | $RILL set \(url) \(arguments)")
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try shown(machine) == before)
    #expect(!FileManager.default.fileExists(atPath: machine.home + "/config/credentials"))
  }
}

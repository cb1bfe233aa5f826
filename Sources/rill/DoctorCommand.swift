import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// `rill doctor`.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what needs your attention, and what to type next.",
    discussion: """
      Looks at what is remembered and asks nobody. One line for each feed that
      needs attention, and one for each host that is left alone. It prints nothing
      and ends with 0 when all is well, and ends with 1 when something is not.

      Examples:
        rill doctor
        rill doctor || mail -s 'feeds' ann < /dev/null
      """
  )

  @OptionGroup var common: CommonOptions

  func run() async throws {
    let surroundings = try Surroundings(common)
    var findings = try await settings(surroundings)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let (feeds, polls, hosts) = try failing { () throws(LibraryError) in
      (try library.feeds(), try library.polls(), try library.hosts())
    }
    let length = shortIDLength(feeds)
    for feed in feeds {
      let health = FeedHealth(feed, polls[feed.id] ?? PollState(), now: now)
      if health.verdict.needsAttention { findings.append(finding(health, length, now)) }
    }
    for (host, state) in hosts.sorted(by: { $0.key < $1.key }) where state.parkedUntil > now {
      let text = "It is left alone until \(shown(state.parkedUntil)). \(state.reason)"
      findings.append(Finding(kind: "host", name: host, text: text, step: nil))
    }
    findings += stray(feeds, surroundings, length)
    guard !findings.isEmpty else { return }
    print(findings)
    Output.standard.finish()
    leave(.someFailed)
  }

  /// Something that needs attention.
  private struct Finding {
    var kind: String
    var name: String
    var text: String
    var step: String?
  }

  private func finding(_ health: FeedHealth, _ length: Int, _ now: Timestamp) -> Finding {
    let id = health.feed.id.description.prefix(length)
    let again =
      health.verdict.nextTry.map { "It is asked again \(shown($0))." }
      ?? (health.next(now: now) == "never" ? "It is not asked again by itself." : "")
    let parts = [health.verdict.evidence, health.poll.note, again].compactMap(\.self)
    return Finding(
      kind: health.verdict.kind.rawValue,
      name: "\(health.feed.title) (\(id))",
      text: parts.filter { !$0.isEmpty }.joined(separator: " "),
      step: health.advice(id: id)
    )
  }

  /// Settings and a credential file that cannot be used.
  private func settings(_ surroundings: Surroundings) async throws -> [Finding] {
    var findings: [Finding] = []
    do {
      try await Settings(configFile: surroundings.configFile).check()
    } catch let failure as Failure {
      findings.append(
        Finding(kind: "settings", name: surroundings.configFile, text: failure.message, step: nil)
      )
    }
    do {
      _ = try surroundings.credentialFile.secrets()
    } catch let failure as Failure {
      let path = surroundings.credentialFile.path
      findings.append(Finding(kind: "settings", name: path, text: failure.message, step: nil))
    }
    return findings
  }

  /// What is set for an origin at which its feed no longer is.
  private func stray(
    _ feeds: [FeedRow],
    _ surroundings: Surroundings,
    _ length: Int
  ) -> [Finding] {
    // A file that cannot be read is a finding already.
    let secrets = (try? surroundings.credentialFile.secrets()) ?? [:]
    return feeds.compactMap { feed in
      guard let set = secrets[feed.id], set.isLeftOut(at: feed.url) else { return nil }
      let id = feed.id.description.prefix(length)
      return Finding(
        kind: "settings",
        name: "\(feed.title) (\(id))",
        text: "What is set for \(set.origin) is not sent to \(origin(of: feed.url)).",
        step: "See it, and set it anew: rill set \(id)"
      )
    }
  }

  private func print(_ findings: [Finding]) {
    let cells = findings.map(\.kind.count).max() ?? 0
    let columns = Output.standard.isTerminal ? Output.standard.columns : nil
    for finding in findings {
      let kind = Piece(padded(finding.kind, toCells: cells) + "  ", .red)
      let name = capped(terminalSafe(finding.name))
      let words = [finding.text, finding.step].compactMap(\.self).filter { !$0.isEmpty }
      guard let columns else {
        Output.standard.line([kind, Piece("\(name): \(capped(words.joined(separator: " ")))")])
        continue
      }
      Output.standard.line([
        kind, Piece(fitted(name, toCells: max(10, columns - cells - 3)), .bold),
      ])
      let indent = String(repeating: " ", count: cells + 2)
      for word in words {
        for line in wrapped(capped(terminalSafe(word)), width: columns - cells - 3) {
          Output.standard.line([Piece(indent + line, word == finding.step ? .cyan : nil)])
        }
      }
    }
  }
}

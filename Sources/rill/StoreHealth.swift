import FeedIndex
import FeedStore
import FeedSync

/// Something that `rill doctor` says.
struct DoctorFinding {
  var kind: String
  var name: String
  var text: String
  var step: String?
  /// The first byte that it is about.
  var offset: Int?
  /// Nothing has to be done: said beside the data, and no reason to end with 1.
  var isNote = false
}

/// The words for what is wrong with the store's files and with the index.
struct StoreHealth {
  private let report: LibraryReport

  init(_ report: LibraryReport) { self.report = report }

  /// What was found, with what to type next.
  var findings: [DoctorFinding] {
    let isKnown = report.onlyInIndex + report.articlesOnlyInIndex > 0
    let gone = isKnown ? [goneWithWrites] : report.goneDevices.map(gone)
    // Of a directory that is gone it is said once, and with what was in it.
    let found = report.store.findings.filter { finding in
      !isKnown || !finding.isOfNumbers || !report.goneDevices.contains(finding.device ?? "")
    }
    return found.map(finding) + report.index.map(finding) + gone
  }

  /// Directories that are gone, with what somebody did and was told to be kept.
  private var goneWithWrites: DoctorFinding {
    let isOne = report.goneDevices.count == 1
    let (writes, articles) = (report.onlyInIndex, report.articlesOnlyInIndex)
    let parts = [
      writes == 0 ? nil : writes == 1 ? "a mark or setting" : "\(writes) marks and settings",
      articles == 0 ? nil : articles == 1 ? "an article" : "\(articles) articles",
    ]
    let count = writes + articles
    return DoctorFinding(
      kind: "gone",
      name: report.goneDevices.map { "dev/\($0)" }.joined(separator: ", "),
      text: (isOne ? "Its directory is gone" : "Their directories are gone")
        + ", and \(parts.compactMap(\.self).joined(separator: " and ")) "
        + "\(count == 1 ? "is" : "are") in no file any more: only the index knows \(count == 1 ? "it" : "them").",
      step: "Write \(count == 1 ? "it" : "them") down again: rill doctor --repair"
    )
  }

  private func finding(_ finding: StoreFinding) -> DoctorFinding {
    DoctorFinding(
      kind: kind(of: finding.fault),
      name: finding.path,
      text: finding.description,
      step: step(for: finding),
      offset: finding.offset,
      isNote: finding.isHarmless
    )
  }

  private func kind(of fault: StoreFinding.Fault) -> String {
    switch fault {
    case .damage: "damage"
    case .tornTail: "cut"
    case .missingLines, .lostLines: "missing"
    case .fork: "fork"
    case .copy: "copy"
    case .handWritten: "edited"
    case .newerFormat: "format"
    case .refused: "refused"
    case .foreign: "foreign"
    case .unreadable: "unreadable"
    case .notOwned: "owner"
    case .noLocks: "locks"
    case .ahead: "clock"
    }
  }

  private func step(for finding: StoreFinding) -> String? {
    switch finding.fault {
    case .damage(_, _, isEdit: true):
      "Take what it says over: rill doctor --accept. Or leave it out: rill doctor --repair"
    case .lostLines where !finding.isOurs: nil
    case .damage, .missingLines, .lostLines:
      finding.isOurs
        ? "Save what can be saved: rill doctor --repair"
        : "Run rill doctor --repair on that machine, and then here."
    case .fork: "Stop hearing of it: rill doctor --repair"
    case .newerFormat: "Install a newer Rill on this machine."
    case .refused: "Look where it leads, and remove it."
    case .unreadable: "Check its mode and the disk, or restore it from a copy."
    case .notOwned: finding.isHarmless ? nil : "Change its owner back."
    case .noLocks: "Put the state directory on a local disk with RILL_HOME or --home."
    case .handWritten: "Give it one: rill doctor --accept"
    case .tornTail, .copy, .foreign, .ahead: nil
    }
  }

  private func finding(_ fault: LibraryReport.IndexFault) -> DoctorFinding {
    let text =
      switch fault {
      case .otherFile(let name): "\(name) is no longer as it was read."
      case .counts: "The counts that it keeps are wrong."
      case .rows(let differences): words(differences)
      case .unusable(let error): error.description
      }
    return DoctorFinding(
      kind: "index",
      name: "index",
      text: text,
      step: "Make it anew from the files: rill rebuild"
    )
  }

  private func words(_ differences: IndexDifferences) -> String {
    let parts = [
      ("articles that are missing", differences.missingArticles),
      ("articles that are in no file", differences.extraArticles),
      ("articles that are not as their lines say", differences.differentArticles),
      ("articles that are looked for in a file that is not there", differences.lostPlaces),
      ("feeds", differences.differentFeeds),
      ("registers", differences.differentRegisters),
    ]
    let counted = parts.filter { $0.1 > 0 }.map { "\($0.0): \($0.1)" }
    return "It is not what the store gives: " + counted.joined(separator: ", ") + "."
  }

  private func gone(_ device: String) -> DoctorFinding {
    DoctorFinding(
      kind: "gone",
      name: "dev/\(device)",
      text: "Its directory is gone. What is known of it stays until the index is made anew.",
      step: nil,
      isNote: true
    )
  }
}

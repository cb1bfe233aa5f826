import Foundation
import Replay
import TestSupport
import Testing

/// Some weeks of each kind of publisher; `make replay` runs whole years.
@Test(arguments: seeds(1))
func `over weeks of changing feeds nothing is lost or changed in vain`(
  seed: Int
)
  async throws
{
  let directory = FileManager.default.temporaryDirectory.path + "/rill-replay-\(UUID().uuidString)"
  // Cleaning up is all that is left; a failure harms nobody.
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let replay = Replay(seed: seed, feeds: Array(0..<50), fetches: 12)
  let report = try await replay.run(in: directory)
  #expect(report.articles > 800)
  #expect(report.edits > 20)
  #expect(report.marks > 50)
  let failures = report.failures
  #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))")
}

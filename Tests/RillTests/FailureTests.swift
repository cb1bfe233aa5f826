import FeedStore
import FeedSync
import Testing

@testable import rill

@Test(arguments: [
  StoreError.missing(path: "/s", memory: nil), .missing(path: "/s", memory: "/m"),
  .notAStore(path: "/s"), .notAStore(path: "/s/store.json"), .newerFormat(path: "/s", version: 9),
  .noPermission(path: "/s"), .readOnly(path: "/s"), .noSpace(path: "/s", errno: 28),
  .refused(path: "/s"), .gone(path: "/s"), .lineTooLong(bytes: 1), .syncIsRunning(pid: 1),
  .syncIsRunning(pid: nil), .lockUnsupported(path: "/s"),
  .inputOutput(path: "/s", call: "read", errno: 5),
])
func `every error of the store says what to do next`(error: StoreError) {
  let message = Failure(LibraryError.store(error)).message
  let steps = [
    "Or name", "Name another", "Check who", "Mount it", "Free some", "restore it", "Restore that",
    "Wait for", "Install a", "Put the", "rill doctor",
  ]
  #expect(steps.contains { message.contains($0) }, "\(message)")
  #expect(message.hasPrefix("\(error)"))
}

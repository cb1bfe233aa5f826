import FeedModel
import Glibc
import LoopbackServer
import Synchronization
import Testing

@testable import FeedFetch

/// A name can be made to hang only by who may change what the resolver asks: in a network and a
/// file system of one's own.
private let canIsolate = unsafe geteuid() == 0 && system("unshare -mn true 2>/dev/null") == 0

/// Puts this thread, and those that it starts, into a network of their own whose name server is
/// there and never answers; false when that cannot be done.
private func isolateWithSilentResolver() -> Bool {
  // `unshare` with CLONE_NEWNS and CLONE_NEWNET, which the headers hide from Swift.
  guard let symbol = unsafe dlsym(nil, "unshare") else { return false }
  let unshare = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
  guard unshare(0x0002_0000 | 0x4000_0000) == 0 else { return false }
  let commands = """
    mount --make-rprivate / && ip link set lo up && d=$(mktemp) &&
    printf 'nameserver 127.0.0.1\\noptions timeout:30 attempts:1\\n' >$d &&
    mount --bind $d /etc/resolv.conf && rm -f $d
    """
  guard unsafe system("PATH=$PATH:/usr/sbin:/sbin; " + commands) == 0 else { return false }
  let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(53).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let size = socklen_t(MemoryLayout<sockaddr_in>.size)
  return unsafe withUnsafePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
      unsafe bind(descriptor, pointer, size) == 0
    }
  }
}

private final class Flag: Sendable {
  let isDone = Mutex(false)
}

@Test(.enabled(if: canIsolate, "only root may give a name server to a test"))
func `a name whose lookup hangs holds up nobody, neither while it hangs nor when it is given up`()
  async
{
  await #expect(processExitsWith: .success) {
    // Nothing is awaited before all threads are started: only this one is in the new network.
    precondition(isolateWithSilentResolver(), "There is a network of its own.")
    let server = try LoopbackServer { _ in .response(text: sampleFeed) }
    let hosts = (0..<50).map { "h\($0).test:\(server.port)" }
    var settings = testSettings(resolve: hosts)
    settings.connectMilliseconds = 1500
    let fetcher = try Fetcher(settings: settings)
    let clock = ContinuousClock()
    let start = clock.now
    let slow = Flag()
    let lookup = Task {
      let outcome = await fetcher.fetch(FetchRequest(url: "http://slow.test/"))
      slow.isDone.withLock { $0 = true }
      return outcome
    }
    // Until the slow one is given up, and a while longer: its lookup still hangs then.
    var longest = Duration.zero
    var after = 0
    while after < 50 {
      for host in hosts {
        let before = clock.now
        let outcome = await fetcher.fetch(FetchRequest(url: "http://\(host)/"))
        precondition(outcome.body == sampleFeed, "\(outcome)")
        longest = max(longest, clock.now - before)
        if slow.isDone.withLock({ $0 }) { after += 1 }
      }
    }
    guard case .failed(.timeout, nil) = await lookup.value else { fatalError("It is given up.") }
    fetcher.stop()
    // The resolver gives up after 30 s. Who waited for it waited that long.
    precondition(clock.now - start < .seconds(25), "Nobody waited for the resolver.")
    precondition(longest < .seconds(10), "Arrivals have no gap.")
  }
}

/// The one thread that owns every handle of libcurl.
///
/// Invariants:
/// 1. A job is in `jobs` from the command that brings it until its continuation is resumed, which
///    happens exactly once.
/// 2. A slot is in `slots` while its handle is in the multi handle, and in `spare` otherwise.
/// 3. A place is busy in `queue` exactly while a slot works for it.
final class TransferLoop {
  /// An easy handle and the job that it carries out.
  private final class Slot {
    var handle: CurlHandle
    var job: Mailbox.Job?

    init(_ handle: consuming CurlHandle) { self.handle = handle }
  }

  private let library: CurlLibrary
  private let configuration: LoopConfiguration
  private let mailbox: Mailbox
  private let share: CurlShare
  private let multi: CurlMulti
  private var queue: HostQueue<HostPort, UInt64>
  private var jobs: [UInt64: Mailbox.Job] = [:]
  private var slots: [CurlHandleID: Slot] = [:]
  private var running: [UInt64: CurlHandleID] = [:]
  private var spare: [Slot] = []
  private var publicHosts = PublicHosts()

  /// Prepares the loop; nil when memory is short.
  init?(library: CurlLibrary, configuration: LoopConfiguration, mailbox: Mailbox) {
    let settings = configuration.settings
    guard let share = CurlShare(library: library),
      let multi = CurlMulti(
        library: library,
        connectionsMax: max(settings.connectionsMax, settings.windowSize)
      )
    else {
      return nil
    }
    self.library = library
    self.configuration = configuration
    self.mailbox = mailbox
    self.share = share
    self.multi = multi
    queue = HostQueue(windowSize: configuration.settings.windowSize)
  }

  /// Works until the mailbox is stopped, and then answers everyone who still waits.
  func run() {
    mailbox.open(multi.waker)
    while let commands = mailbox.take() {
      for command in commands { obey(command) }
      startWaiting()
      multi.perform()
      if finishDone() { continue }
      multi.wait(milliseconds: 60_000)
    }
    for command in mailbox.close() { obey(command) }
    for id in Array(jobs.keys) { cancel(id) }
    // Handles go before what they share.
    spare = []
  }

  private func obey(_ command: Mailbox.Command) {
    switch command {
    case .start(let job):
      jobs[job.id] = job
      queue.add(job.id, at: job.hop.place)
    case .cancel(let id): cancel(id)
    }
  }

  private func startWaiting() {
    while let (place, id) = queue.next() {
      // A job that was cancelled while it waited has left no trace but its number.
      guard let job = jobs[id] else {
        queue.finished(place)
        continue
      }
      start(job)
    }
  }

  private func start(_ job: Mailbox.Job) {
    guard let slot = spare.popLast() ?? makeSlot() else {
      answer(job, HopResult(end: .other(27), detail: "out of memory"))
      return
    }
    var hop = job.hop
    hop.standing = publicHosts.standing(of: hop)
    slot.job = job
    slot.handle.prepare(hop, addresses: configuration.addresses.given(to: hop.place) ?? [])
    guard multi.add(slot.handle) else {
      slot.job = nil
      spare.append(slot)
      answer(job, HopResult(end: .other(27), detail: "the transfer cannot be started"))
      return
    }
    slots[slot.handle.id] = slot
    running[job.id] = slot.handle.id
  }

  private func makeSlot() -> Slot? {
    guard let handle = CurlHandle(library: library, configuration: configuration, share: share)
    else { return nil }
    return Slot(handle)
  }

  private func finishDone() -> Bool {
    var isAny = false
    while let done = multi.nextDone() {
      guard let slot = slots[done.id], let job = slot.job else { continue }
      isAny = true
      multi.remove(slot.handle)
      let result = slot.handle.result(done.code)
      if let address = result.address { publicHosts.note(address, of: job.hop.place.host) }
      release(slot, of: job)
      answer(job, result)
    }
    return isAny
  }

  private func cancel(_ id: UInt64) {
    guard let job = jobs[id] else { return }
    if let handle = running[id], let slot = slots[handle] {
      multi.remove(slot.handle)
      release(slot, of: job)
      answer(job, HopResult(end: .cancelled))
    } else {
      jobs[id] = nil
      job.continuation.resume(returning: HopResult(end: .cancelled))
    }
  }

  private func release(_ slot: Slot, of job: Mailbox.Job) {
    slots[slot.handle.id] = nil
    running[job.id] = nil
    slot.job = nil
    spare.append(slot)
  }

  private func answer(_ job: Mailbox.Job, _ result: HopResult) {
    jobs[job.id] = nil
    queue.finished(job.hop.place)
    job.continuation.resume(returning: result)
  }
}

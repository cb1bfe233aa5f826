/// The one thread that owns every handle of libcurl.
///
/// Invariants:
/// 1. A ticket is in `tickets` from the command that brings its job until the job's continuation is
///    resumed, which happens exactly once.
/// 2. A slot has a ticket while its handle is in the multi handle, and is in `spare` otherwise.
/// 3. A place is busy in `queue` exactly while a slot works for it.
final class TransferLoop {
  /// A job, and the slot that carries it out.
  private final class Ticket {
    let job: Mailbox.Job
    var slot: Slot?
    var isAnswered = false

    init(_ job: Mailbox.Job) { self.job = job }
  }

  /// An easy handle and what it works for.
  private final class Slot {
    var handle: CurlHandle
    var ticket: Ticket?
    var silence = Silence()

    init(_ handle: consuming CurlHandle) { self.handle = handle }
  }

  private let library: CurlLibrary
  private let configuration: LoopConfiguration
  private let mailbox: Mailbox
  private let share: CurlShare
  private let multi: CurlMulti
  private var queue: HostQueue<HostPort, Ticket>
  private var tickets: [UInt64: Ticket] = [:]
  private var slots: [CurlHandleID: Slot] = [:]
  private var spare: [Slot] = []
  private var publicHosts = PublicHosts()
  /// Hosts that want no more requests; a redirect to one is not followed.
  private var leftAlone: Set<String> = []
  /// Places whose given addresses libcurl has been told; it keeps them.
  private var toldPlaces: Set<HostPort> = []

  private let clock = ContinuousClock()
  private var lastLook: ContinuousClock.Instant

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
    // Some connections are always left for who comes after those that are silent.
    queue = HostQueue(windowSize: settings.windowSize, outMax: settings.connectionsMax * 3 / 4)
    lastLook = clock.now
  }

  /// Works until the mailbox is stopped, and then answers everyone who still waits.
  func run() {
    mailbox.open(multi.waker)
    while let commands = mailbox.take() {
      for command in commands { obey(command) }
      lookForSilence()
      startWaiting()
      multi.perform()
      // Whoever waited for a place starts at once, before the loop sleeps.
      if finishDone() { startWaiting() }
      // A handle that was only just added keeps libcurl from sleeping.
      if mailbox.mayWait() { multi.wait(milliseconds: tickets.isEmpty ? 60_000 : 1000) }
    }
    for command in mailbox.close() { obey(command) }
    for id in Array(tickets.keys) { cancel(id) }
    // Handles go before what they share.
    spare = []
    slots = [:]
  }

  private func obey(_ command: Mailbox.Command) {
    switch command {
    case .start(let job):
      let ticket = Ticket(job)
      tickets[job.id] = ticket
      queue.add(ticket, at: job.hop.place)
    case .cancel(let id): cancel(id)
    case .leaveAlone(let hosts): leftAlone.formUnion(hosts)
    }
  }

  private func startWaiting() {
    while let (place, ticket) = queue.next() {
      if ticket.isAnswered {
        queue.finished(place)
      } else {
        start(ticket)
      }
    }
  }

  /// Once a second: sets aside what has brought nothing for a while, so that hosts that hang do not
  /// fill the window.
  private func lookForSilence() {
    guard clock.now - lastLook >= .seconds(1) else { return }
    lastLook = clock.now
    for slot in slots.values where slot.ticket != nil {
      slot.silence.look(slot.handle.exchange.bytesReceived)
    }
    countAside()
  }

  private func countAside() {
    queue.asideCount = slots.values.count { slot in
      slot.ticket != nil && slot.silence.seconds >= configuration.settings.patienceSeconds
    }
    mailbox.tellAside(queue.asideCount)
  }

  private func start(_ ticket: Ticket) {
    let hop = ticket.job.hop
    // Only now: an answer to the hop before may have been the one that asks for it.
    if hop.followsRedirect, leftAlone.contains(hop.place.host) {
      answer(ticket, HopResult(end: .leftAlone))
      queue.finished(hop.place)
      return
    }
    guard let slot = spare.popLast() ?? makeSlot() else {
      answer(ticket, HopResult(end: .other(27), detail: "out of memory"))
      queue.finished(hop.place)
      return
    }
    let given = hop.usesProxy ? nil : configuration.addresses.given(to: hop.place)
    slot.handle.prepare(
      hop,
      standing: publicHosts.standing(of: hop),
      given: given,
      isNew: given != nil && !toldPlaces.contains(hop.place)
    )
    guard multi.add(slot.handle) else {
      spare.append(slot)
      answer(ticket, HopResult(end: .other(27), detail: "the transfer cannot be started"))
      queue.finished(hop.place)
      return
    }
    slot.ticket = ticket
    slot.silence = Silence()
    ticket.slot = slot
  }

  private func makeSlot() -> Slot? {
    guard let handle = CurlHandle(library: library, configuration: configuration, share: share)
    else { return nil }
    let slot = Slot(handle)
    slots[slot.handle.id] = slot
    return slot
  }

  /// Answers for what has ended; false when nothing has.
  private func finishDone() -> Bool {
    var isAny = false
    while let done = multi.nextDone() {
      guard let slot = slots[done.id], let ticket = slot.ticket else { continue }
      isAny = true
      let place = ticket.job.hop.place
      multi.remove(slot.handle)
      if slot.handle.tellsAddresses { toldPlaces.insert(place) }
      let result = slot.handle.result(done.code)
      if let address = result.address { publicHosts.note(address, of: place.host) }
      // An address alone is many things at home, and one of them does not speak for the others.
      if result.status == 429, IPAddress(host: place.host) == nil { leftAlone.insert(place.host) }
      release(slot)
      answer(ticket, result)
      queue.finished(place)
    }
    return isAny
  }

  private func cancel(_ id: UInt64) {
    guard let ticket = tickets[id] else { return }
    if let slot = ticket.slot {
      multi.remove(slot.handle)
      release(slot)
      queue.finished(ticket.job.hop.place)
    }
    answer(ticket, HopResult(end: .cancelled))
  }

  private func release(_ slot: Slot) {
    slot.ticket?.slot = nil
    slot.ticket = nil
    spare.append(slot)
    if slot.silence.seconds >= configuration.settings.patienceSeconds { countAside() }
  }

  private func answer(_ ticket: Ticket, _ result: HopResult) {
    ticket.isAnswered = true
    tickets[ticket.job.id] = nil
    ticket.job.continuation.resume(returning: result)
  }
}

/// For how many looks, one a second, a transfer has brought nothing.
private struct Silence {
  private(set) var seconds = 0
  private var bytes = -1

  mutating func look(_ bytes: Int) {
    seconds = bytes == self.bytes ? seconds + 1 : 0
    self.bytes = bytes
  }
}

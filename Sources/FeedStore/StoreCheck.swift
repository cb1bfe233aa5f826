import FeedJSON
public import FeedModel

extension Store {
  /// Looks through the files of the store, and changes none of them.
  ///
  /// Sealed files that were good when they were last looked through, and whose size, time and inode
  /// are as they were then, are not read again.
  ///
  /// - Parameters:
  ///   - full: Every byte of every file is read, and every line as JSON.
  ///   - now: The time of this call.
  ///   - known: The greatest number that was ever read of each file, by its name.
  ///   - progress: Told of how many bytes of how many have been looked at.
  /// - Returns: What was found, and the devices.
  /// - Throws: `missing`, and what the file system says of the directories.
  public func check(
    full: Bool = false,
    now: Timestamp,
    known: [String: Int] = [:],
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(StoreError) -> StoreReport {
    guard let identity = try readIdentity() else {
      try refuseIfRemembered()
      return StoreReport()
    }
    var check = StoreCheck(device: device, isFull: full)
    // Without a state directory this machine remembers nothing.
    let statePath = "\(stateDirectory)/\(identity.id)"
    if let state = try? Descriptor.directory(statePath) {
      check.memory = CheckMemory(in: state)
      for record in StateDirectory.formers(in: state) { check.records[record.device] = record }
    }
    // As above.
    let record = (try? StateDirectory.record(in: identity, stateDirectory: stateDirectory)) ?? nil
    if let record { check.records[record.device] = record }
    check.known = known
    if identity.format > LineEncoder.format {
      check.add(.newerFormat(identity.format), StoreIdentity.fileName)
    }
    try check.listFiles(of: self)
    check.surveyFiles(of: self, progress: progress)
    check.compareFiles(of: self)
    check.finishDevices(now: now)
    if let state = try? Descriptor.directory(statePath) {
      check.memory.remember(check.surveys, in: state)
      if usesLocks, !hasLocks(state) { check.add(.noLocks, state.path, isOurs: true) }
    }
    return check.report
  }

  /// Whether files of a directory can be locked.
  private func hasLocks(_ state: borrowing Descriptor) -> Bool {
    do throws(StoreError) {
      guard let lock = try state.file(named: "lock", for: .writing) else { return true }
      if try lock.lock(waiting: false) { lock.unlock() }
      return true
    } catch {
      if case .lockUnsupported = error { return false }
      return true
    }
  }
}

/// A check under way.
struct StoreCheck {
  /// The device that this machine is.
  let device: String?
  let isFull: Bool
  var memory = CheckMemory()
  /// How far this machine wrote, as each device that it is or was.
  var records: [String: DeviceRecord] = [:]
  /// The greatest number that was ever read of each file.
  var known: [String: Int] = [:]
  private(set) var surveys: [FileSurvey] = []
  private var files: [(name: SegmentName, facts: FileFacts)] = []
  private var devices: [String: DeviceReport] = [:]
  private var findings: [StoreFinding] = []

  init(device: String?, isFull: Bool) {
    self.device = device
    self.isFull = isFull
  }

  /// What was found, without what a repair has dealt with.
  var report: StoreReport {
    let left = findings.filter { !memory.settled.contains($0.identity) }
    return StoreReport(
      findings: left,
      devices: devices.values.sorted { $0.id < $1.id },
      settled: findings.count - left.count
    )
  }

  /// Notes something.
  mutating func add(
    _ fault: StoreFinding.Fault,
    _ path: String,
    isOurs: Bool = false,
    sum: UInt32 = 0
  ) {
    findings.append(StoreFinding(fault: fault, path: path, isOurs: isOurs, sum: sum))
  }

  /// Finds the input files, and what else is there.
  mutating func listFiles(of store: Store) throws(StoreError) {
    guard let root = try Descriptor.directory(store.directory) else { return }
    do throws(StoreError) {
      guard let top = try root.directory(named: "dev") else { return }
      for name in try top.names() where !isHidden(name) {
        guard let facts = try top.facts(named: name) else { continue }
        guard facts.isDirectory else {
          add(facts.isRegular ? .foreign : .refused, "dev/\(name)")
          continue
        }
        guard SegmentName.isDevice(name) else {
          add(.foreign, "dev/\(name)")
          continue
        }
        do throws(StoreError) {
          if let directory = try top.directory(named: name) { try list(directory, of: name) }
        } catch {
          guard error.isOfOneFile else { throw error }
          add(.unreadable(error), "dev/\(name)", isOurs: name == device)
        }
      }
    } catch {
      guard case .refused = error else { throw error }
      add(.refused, "dev")
    }
  }

  private mutating func list(
    _ directory: borrowing Descriptor,
    of device: String
  ) throws(StoreError) {
    let isOurs = device == self.device
    var report = DeviceReport(id: device, isOurs: isOurs)
    for file in try directory.names() where !isHidden(file) {
      guard let facts = try directory.facts(named: file) else { continue }
      let path = "dev/\(device)/\(file)"
      let name = SegmentName(directory: device, file: file)
      guard name != nil || file == "device.json" else {
        add(facts.isLink ? .refused : .foreign, path, isOurs: isOurs)
        continue
      }
      guard facts.isRegular else {
        add(.refused, path, isOurs: isOurs)
        continue
      }
      if isOurs, facts.owner != userID() { add(.notOwned(user: facts.owner), path, isOurs: isOurs) }
      guard let name else {
        // What it calls itself is for people only.
        let description = try? DeviceDescription(in: directory)
        (report.name, report.application) = (description?.name, description?.application)
        continue
      }
      report.sizeInBytes += facts.size
      files.append((name, facts))
    }
    devices[device] = report
  }

  /// Names that sync tools and editors use for what is not done yet.
  private func isHidden(_ name: String) -> Bool { name.hasPrefix(".") || name.hasPrefix("~") }

  /// Reads the files.
  mutating func surveyFiles(of store: Store, progress: (Int, Int) -> Void) {
    let total = files.reduce(0) { $0 + $1.facts.size }
    var done = 0
    for (name, facts) in files {
      progress(done, total)
      done += facts.size
      let isOurs = name.device == device
      if !isFull, let known = memory.survey(name, facts) {
        note(known, of: store)
        continue
      }
      do throws(StoreError) {
        let file = try store.open(name)
        let survey = try store.survey(file, name, full: isFull)
        note(survey, of: store)
        try list(survey, in: file)
      } catch {
        add(.unreadable(error), name.text, isOurs: isOurs)
      }
    }
    progress(total, total)
  }

  private mutating func note(_ survey: FileSurvey, of store: Store) {
    surveys.append(survey)
    let id = survey.name.device
    guard var report = devices[id] else { return }
    report.lines += survey.lines
    report.format = max(report.format, survey.newerFormat ?? 1)
    if let at = survey.newest { report.newest = max(report.newest ?? at, at) }
    devices[id] = report
  }

  private mutating func list(
    _ survey: FileSurvey,
    in file: borrowing Descriptor
  ) throws(StoreError) {
    let path = survey.name.text
    let isOurs = survey.name.device == device
    for damage in survey.damage {
      let bytes = try file.read(at: damage.offset, count: min(damage.length, 1 << 20))
      let start = String(decoding: bytes.prefix(60), as: UTF8.self)
      add(
        .damage(
          damage,
          excerpt: damage.reason == .zeroBytes ? "" : start,
          isEdit: damage.length <= bytes.count && editedLine(bytes, survey.name) != nil
        ),
        path,
        isOurs: isOurs,
        sum: CRC32.sum(of: bytes, in: 0..<bytes.count)
      )
    }
    if let hand = survey.handWritten {
      add(.handWritten(offset: hand.offset, count: hand.count), path, isOurs: isOurs)
    }
    if let format = survey.newerFormat { add(.newerFormat(format), path, isOurs: isOurs) }
    if let offset = survey.tornAt {
      add(
        .tornTail(offset: offset, bytes: survey.facts.size - offset),
        path,
        // Nothing arrives any more from a device that this machine was.
        isOurs: isOurs || records[survey.name.device] != nil
      )
    }
  }

  /// Holds the numbers of each device's files against each other.
  mutating func compareFiles(of store: Store) {
    for id in devices.keys.sorted() {
      for kind in [Segment.Kind.journal, .articles] {
        let all = surveys.indices.filter {
          surveys[$0].name.device == id && surveys[$0].sequence == kind
        }
        let own = all.filter { !surveys[$0].isSnapshot }
        readOverlapping(own, of: store)
        let runs = own.flatMap { surveys[$0].runs }
        addMissing(of: id, kind, in: all.map { surveys[$0] })
        let forks = forked(in: runs)
        if let first = forks.min() {
          add(.fork(kind, first: first, count: forks.count), "dev/\(id)", isOurs: id == device)
        }
        compareCopies(own.map { surveys[$0] })
      }
    }
    // A directory that is gone has no files to hold against each other.
    for id in records.keys.sorted() where devices[id] == nil && !isTakenOver(id, in: store) {
      for kind in [Segment.Kind.journal, .articles] { addMissing(of: id, kind, in: []) }
    }
  }

  /// Another machine has forgotten a device and written down as its own what counts of it.
  private func isTakenOver(_ id: String, in store: Store) -> Bool {
    let mark = Array("\"by\":\"\(id)\"".utf8)
    return files.contains { file in
      // What cannot be read says nothing.
      guard let file = try? store.open(file.name), let size = try? file.facts().size else {
        return false
      }
      var offset = 0
      while offset < size,
        let bytes = try? file.read(at: offset, count: min(8 << 20, size - offset)),
        bytes.count >= mark.count
      {
        if bytes.contains(bytes: mark) { return true }
        offset += bytes.count - mark.count + 1
      }
      return false
    }
  }

  /// Says which lines of a device are in no file.
  private mutating func addMissing(of id: String, _ kind: Segment.Kind, in surveys: [FileSurvey]) {
    let record = records[id]
    let sequence = LineSequence(
      kind: kind,
      device: id,
      surveys: surveys,
      known: known,
      record: record?[kind]
    )
    let lost = sequence.missing(without: memory.settledNumbers(of: id, kind))
    for finding in lost { add(finding.fault, finding.path, isOurs: id == device || record != nil) }
    for index in findings.indices {
      guard case .tornTail = findings[index].fault, findings[index].isOurs else { continue }
      if lost.contains(where: { $0.path == findings[index].path }) {
        findings[index].wasReported = true
      }
    }
  }

  /// Reads the sums of files that were not read again and have numbers that another one has too.
  private mutating func readOverlapping(_ indices: [Int], of store: Store) {
    let runs = indices.flatMap { surveys[$0].runs }
    for index in indices {
      guard let run = surveys[index].runs.first, run.sums == nil,
        runs.contains(where: { $0 != run && $0.overlaps(run) })
      else { continue }
      // What cannot be read now could be before: the next check will say so.
      guard let file = try? store.open(surveys[index].name),
        let survey = try? store.survey(file, surveys[index].name, full: false)
      else { continue }
      surveys[index].runs = survey.runs
    }
  }

  /// Says of each copy that a sync tool made how many of its lines no other file has.
  private mutating func compareCopies(_ surveys: [FileSurvey]) {
    let copies = surveys.filter { !SegmentName.isOriginal($0.name.file) }
    guard !copies.isEmpty else { return }
    var known: Set<NumberedSum> = []
    for survey in surveys where SegmentName.isOriginal(survey.name.file) {
      for run in survey.runs { known.formUnion(run.numberedSums) }
    }
    for copy in copies {
      let own = copy.runs.reduce(0) { count, run in
        count + run.numberedSums.count { !known.contains($0) }
      }
      let lines = own + (copy.handWritten?.count ?? 0)
      add(.copy(ownLines: lines), copy.name.text, isOurs: copy.name.device == device)
    }
  }

  /// Says which devices are ahead of the clock.
  mutating func finishDevices(now: Timestamp) {
    for report in devices.values.sorted(by: { $0.id < $1.id }) where report.isAhead(of: now) {
      if let newest = report.newest {
        add(.ahead(newest), "dev/\(report.id)", isOurs: report.isOurs)
      }
    }
  }
}

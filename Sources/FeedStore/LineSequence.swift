/// What is known of one sequence of a device's lines, for finding out which of them are in no file.
struct LineSequence {
  /// `journal` or `articles`.
  let kind: Segment.Kind
  let device: String
  /// Its files, snapshots and copies too.
  let surveys: [FileSurvey]
  /// Files that stand or stood for themselves, by their numbers in order, with the greatest number
  /// that was ever read of each.
  private let read: [(segment: Int, last: Int)]
  /// How far this machine wrote it; nil when another one did.
  private let record: DeviceRecord.Sequence?
  /// The greatest number that was ever read of each file of the store.
  private let known: [String: Int]

  /// - Parameters:
  ///   - kind: `journal` or `articles`.
  ///   - device: Whose it is.
  ///   - surveys: The files of it that are there.
  ///   - known: The greatest number that was ever read of each file of the store.
  ///   - record: How far this machine wrote it; nil when another one did.
  init(
    kind: Segment.Kind,
    device: String,
    surveys: [FileSurvey],
    known: [String: Int],
    record: DeviceRecord.Sequence?
  ) {
    self.kind = kind
    self.device = device
    self.surveys = surveys
    self.record = record
    self.known = known
    read =
      known.compactMap { text, last in
        guard let name = SegmentName(text), name.device == device, name.kind == kind,
          let segment = SegmentName.number(ofFile: name.file)
        else { return nil }
        return (segment, last)
      }
      .sorted { $0.segment < $1.segment }
  }

  /// The lines that should be there and are not.
  ///
  /// - Parameter settled: Numbers that are known to be missing.
  /// - Returns: `missingLines` and `lostLines`, with the file that they stood in where that is known.
  func missing(
    without settled: [ClosedRange<Int>]
  ) -> [(fault: StoreFinding.Fault, path: String)] {
    var runs = surveys.filter { !$0.isSnapshot }.flatMap(\.runs)
    if kind == .articles {
      // A snapshot of articles stands for one segment, whose lines keep their numbers but for the
      // first.
      runs += surveys.filter(\.isSnapshot).flatMap(\.runs)
        .map { LineRun(kind, first: $0.first - 1, count: $0.last - $0.first + 2) }
    }
    // Numbers are never given again, so those beyond the last line that is there are lines as well.
    if let last { runs.append(LineRun(kind, first: last + 1, count: 0)) }
    return few(FeedStore.missing(in: runs, from: first))
      .flatMap { settled.contains($0) ? [$0] : without(settled, $0) }
      .flatMap(described) + cutSnapshots(without: settled)
  }

  /// Parts of our own journal's snapshots that were read once and are not there any more.
  ///
  /// A snapshot is whole since it has its name, and its lines stand in their order.
  private func cutSnapshots(
    without settled: [ClosedRange<Int>]
  ) -> [(fault: StoreFinding.Fault, path: String)] {
    guard kind == .journal, record != nil else { return [] }
    var found: [(fault: StoreFinding.Fault, path: String)] = []
    for survey in surveys where survey.isSnapshot {
      let path = survey.name.text
      let next = (survey.runs.map(\.last).max() ?? 0) + 1
      guard let last = known[path], last >= next else { continue }
      for range in without(settled, next...last) {
        let (first, last) = (range.lowerBound, range.upperBound)
        found.append((.lostLines(kind, first: first, last: last, isFileGone: false), path))
      }
    }
    return found
  }

  /// Gaps, of which only made-up files have thousands: the later ones are then said to be one.
  private func few(_ gaps: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    let max = 1000
    guard gaps.count > max else { return gaps }
    return gaps.prefix(max) + [gaps[max].lowerBound...gaps[gaps.count - 1].upperBound]
  }

  /// The greatest number of a journal's segments that a snapshot stands for.
  private var covered: Int {
    guard kind == .journal else { return 0 }
    return surveys.filter(\.isSnapshot).compactMap { SegmentName.number(ofFile: $0.name.file) }
      .max() ?? 0
  }

  /// The number of the first line that has to be there.
  private var first: Int {
    let covered = covered
    guard covered > 0 else { return 1 }
    // Of another device's file we may have read a part only, before its owner compacted the rest.
    if record != nil, let last = read.last(where: { $0.segment == covered })?.last, last > 0 {
      return last + 1
    }
    let later = surveys.filter {
      !$0.isSnapshot && (SegmentName.number(ofFile: $0.name.file) ?? 0) > covered
    }
    if let first = later.flatMap(\.runs).map(\.first).min() { return first }
    // Lines that hold no more are in no snapshot: this may be too early by those.
    return 1 + (surveys.flatMap(\.runs).map(\.last).max() ?? 0)
  }

  /// The greatest number that has to be there; nil when none is known.
  private var last: Int? {
    let covered = covered
    var last = read.filter { $0.segment > covered }.map(\.last).max() ?? 0
    if let record, record.lastSegment > covered { last = max(last, record.number) }
    return last > 0 ? last : nil
  }

  /// Parts a range by the files that its lines stood in.
  private func described(_ range: ClosedRange<Int>) -> [(fault: StoreFinding.Fault, path: String)] {
    var found: [(fault: StoreFinding.Fault, path: String)] = []
    var next = range.lowerBound
    func add(_ last: Int, _ segment: Int?) {
      defer { next = last + 1 }
      guard let segment, !holds(segment, beyond: next) else {
        let isKnown = segment == nil && record != nil && last <= record?.number ?? 0
        let fault =
          isKnown && surveys.isEmpty
          ? StoreFinding.Fault.lostLines(kind, first: next, last: last, isFileGone: true)
          : .missingLines(kind, first: next, last: last)
        found.append((fault, "dev/\(device)"))
        return
      }
      let name = SegmentName.file(kind, segment)
      let isGone = !surveys.contains { $0.name.file == name }
      found.append(
        (
          .lostLines(kind, first: next, last: last, isFileGone: isGone),
          "dev/\(device)/\(name)"
        )
      )
    }
    for file in read where file.last >= next && next <= range.upperBound {
      add(min(file.last, range.upperBound), file.segment)
    }
    if next <= range.upperBound { add(range.upperBound, recordedSegment(of: range.upperBound)) }
    return found
  }

  /// The segment in which this machine wrote a line, where that can be told.
  private func recordedSegment(of number: Int) -> Int? {
    guard let record, record.number == number else { return nil }
    let segment = record.lastSegment
    let isNext =
      segment == 1
      || surveys.contains {
        [segment, segment - 1].contains(SegmentName.number(ofFile: $0.name.file) ?? 0)
      }
    return isNext ? segment : nil
  }

  /// A file is there and goes on behind a number, or a snapshot of it is: something else happened
  /// within it.
  private func holds(_ segment: Int, beyond number: Int) -> Bool {
    let name = SegmentName.file(kind, segment)
    return surveys.contains { survey in
      if kind == .articles, survey.isSnapshot {
        return SegmentName.number(ofFile: survey.name.file) == segment
      }
      return survey.name.file == name && survey.runs.contains { $0.first > number }
    }
  }

  /// What is left of a range.
  private func without(
    _ settled: [ClosedRange<Int>],
    _ range: ClosedRange<Int>
  ) -> [ClosedRange<Int>] {
    var left: [ClosedRange<Int>] = []
    var next = range.lowerBound
    for known in settled.sorted(by: { $0.lowerBound < $1.lowerBound })
    where known.upperBound >= next && known.lowerBound <= range.upperBound {
      if known.lowerBound > next { left.append(next...known.lowerBound - 1) }
      next = known.upperBound + 1
    }
    if next <= range.upperBound { left.append(next...range.upperBound) }
    return left
  }
}

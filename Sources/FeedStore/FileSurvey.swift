import FeedModel

/// What one input file holds, as far as a check wants to know.
struct FileSurvey {
  let name: SegmentName
  let facts: FileFacts
  var lines = 0
  var runs: [LineRun] = []
  var damage: [LineDamage] = []
  /// The first, and how many there are.
  var handWritten: (offset: Int, count: Int)?
  /// Where a last line without a line feed starts.
  var tornAt: Int?
  var newest: Timestamp?
  var newerFormat: Int?

  init(_ name: SegmentName, _ facts: FileFacts) {
    self.name = name
    self.facts = facts
  }

  /// Nothing can be wrong with it as long as its size, its time and its inode stay the same.
  var isSettled: Bool {
    damage.isEmpty && handWritten == nil && tornAt == nil && newerFormat == nil && runs.count == 1
      && facts.size >= SegmentWriter.segmentBytesMax && SegmentName.isOriginal(name.file)
  }

  /// Which numbers a line of this file is one of.
  var sequence: Segment.Kind {
    switch name.kind {
    case .articles, .articleSnapshot: .articles
    case .journal, .snapshot: .journal
    }
  }

  /// It stands for files that were compacted.
  var isSnapshot: Bool { name.kind == .snapshot || name.kind == .articleSnapshot }

  /// Counts a good line.
  mutating func add(number: Int, sum: UInt32) {
    lines += 1
    // A number that nobody counts to is no number.
    guard (1..<1 << 50).contains(number) else { return }
    if runs.isEmpty || !runs[runs.count - 1].add(number, sum) {
      runs.append(LineRun(sequence, first: number, sums: [sum]))
    }
  }

  /// Counts what was read.
  mutating func add(_ line: StoredLine) {
    newest = max(newest ?? line.event.at, line.event.at)
    guard line.isHandWritten else { return add(number: line.event.number, sum: line.event.sum) }
    lines += 1
    handWritten = (handWritten?.offset ?? line.place.offset, (handWritten?.count ?? 0) + 1)
  }
}

extension Store {
  /// Looks through one file.
  ///
  /// - Parameters:
  ///   - file: The file, open.
  ///   - name: Its name.
  ///   - full: Every line is read as JSON. Otherwise a line whose sum is right is taken to be what
  ///     its writer meant, and only the start of it is looked at.
  /// - Returns: What it holds.
  /// - Throws: What the file system says.
  func survey(
    _ file: borrowing Descriptor,
    _ name: SegmentName,
    full: Bool
  ) throws(StoreError) -> FileSurvey {
    let facts = try file.facts()
    if full || facts.size > Self.surveyBytesMax { return try surveyByReading(facts, name) }
    var survey = FileSurvey(name, facts)
    let bytes = try file.read(at: 0, count: facts.size)
    var scanner = LineScanner(name: name)
    var newest: Range<Int>?
    var start = 0
    while let lineFeed = bytes.firstIndex(of: 0x0A, in: start..<bytes.count) {
      let line = start..<lineFeed
      if scanner.newerFormat == nil, let glance = LineGlance(bytes, line) {
        survey.add(number: glance.number, sum: glance.sum)
        if newest.map({ glance.isLater(than: $0, bytes) }) ?? true { newest = glance.at }
      } else {
        // Only the odd line is copied. A byte order mark is one at the start of the file only.
        _ = scanner.scan(Array(bytes[start...lineFeed]), base: start)
        for line in scanner.takeLines() { survey.add(line) }
      }
      start = lineFeed + 1
    }
    survey.damage = scanner.damage
    survey.newerFormat = scanner.newerFormat
    if start < bytes.count { survey.tornAt = start }
    if let newest, let at = Timestamp(rfc3339: String(decoding: bytes[newest], as: UTF8.self)) {
      survey.newest = max(survey.newest ?? at, at)
    }
    return survey
  }

  /// Larger files are read in parts: no segment that we write is as large.
  private static let surveyBytesMax = 32 << 20

  private func surveyByReading(
    _ facts: FileFacts,
    _ name: SegmentName
  ) throws(StoreError) -> FileSurvey {
    var survey = FileSurvey(name, facts)
    var end = 0
    try eachReading(of: Segment(name, sizeInBytes: facts.size)) { reading in
      for line in reading.lines { survey.add(line) }
      survey.damage += reading.damage
      survey.newerFormat = reading.newerFormat ?? survey.newerFormat
      end = reading.cursor.offset
    }
    if end < facts.size { survey.tornAt = end }
    return survey
  }
}

/// The start of a line of a program, read without the rest; its sum is right.
struct LineGlance {
  let number: Int
  let at: Range<Int>
  let sum: UInt32

  /// Nil for what has to be read as JSON: another form, a wrong sum, the first line of a file.
  init?(_ bytes: [UInt8], _ line: Range<Int>) {
    guard bytes.holds("{\"n\":", at: line.lowerBound), let sum = statedSum(bytes, in: line),
      CRC32.sum(of: bytes, in: line.lowerBound..<line.upperBound - sumBytes) == sum
    else { return nil }
    var index = line.lowerBound + 5
    var number = 0
    while index < line.upperBound, (0x30...0x39).contains(bytes[index]), number < 1 << 50 {
      number = number * 10 + Int(bytes[index] - 0x30)
      index += 1
    }
    // `2026-11-22T08:06:51.945Z`: texts of one length are in the order of their times.
    let start = index + 7
    guard number > 0, bytes.holds(",\"at\":\"", at: index), bytes.holds("Z\",\"", at: start + 23),
      !bytes.holds("op\":\"open\"", at: start + 27)
    else { return nil }
    self.number = number
    self.sum = sum
    at = start..<start + 24
  }

  /// Whether its time is later than another that stands in the same bytes.
  func isLater(than other: Range<Int>, _ bytes: [UInt8]) -> Bool {
    other.lexicographicallyPrecedes(at) { bytes[$0] < bytes[$1] }
  }
}

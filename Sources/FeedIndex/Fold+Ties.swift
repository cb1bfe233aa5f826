import FeedModel
import GRDB

// What people said about which keys are one article.
//
// An article is made of its lines again whenever that changes, so its lines are kept here one by
// one from then on; where they were not, they have to be looked for in the store: see
// `FeedIndex.settle(_:with:ownKey:)`. What nobody took apart or joined costs nothing.
extension Fold {
  /// The lines and keys that have to do with each other, whatever the parts are.
  struct Cluster {
    var keys: Set<ArticleID> = []
    /// As they came to be known.
    var lines: [KeptLine] = []
    /// Some of its lines are still looked for.
    var isWanted = false
  }

  /// A line as if it were an article alone.
  struct KeptLine {
    var number: Int64
    var record: ArticleRecord
    var own: ArticleID
  }

  /// Somebody took articles apart or joined some, ever.
  func haveTies() throws -> Bool {
    if let hasTies { return hasTies }
    let select = try statements(.hasTies)
    defer { select.reset() }
    let has = try select.step() && select.flag(0)
    hasTies = has
    return has
  }

  /// Any of the keys has to do with that.
  func isTied(_ keys: [ArticleID]) throws -> Bool {
    let select = try statements(.isTied)
    defer { select.reset() }
    return try keys.contains { key in
      select.reset()
      select.add(key.hash)
      return try select.step() && select.flag(0)
    }
  }

  /// Takes note of what the registers `part` and `join` of a key hold now.
  func tie(_ key: ArticleID, _ register: String, _ value: RegisterValue) throws {
    let select = try statements(.readTie)
    select.add(key.hash)
    var (part, other): (String?, ArticleID?)
    if try select.step() {
      part = select.text(0)
      if !select.isNull(1) { other = ArticleID(select.id(1)) }
    }
    select.reset()
    let before = (part, other)
    let text: String? = if case .string(let text) = value { text } else { nil }
    if register == "part" { part = text } else { other = text.flatMap { ArticleID($0) } }
    if (part, other) == before { return }
    hasTies = true
    touched.insert(key)
    // What it was one with is no longer, and has to be worked out as well.
    for other in [before.1, other] { if let other { touched.insert(other) } }
    let write = try statements(part == nil && other == nil ? .removeTie : .writeTie)
    write.add(key.hash)
    if part != nil || other != nil {
      write.add(part)
      if let other {
        write.add(other.hash)
      } else {
        write.add(nil as Int64?)
        write.add(nil as Int64?)
      }
    }
    try write.run()
  }

  /// Keeps a line of an article that somebody took apart or joined.
  ///
  /// - Parameters:
  ///   - record: The line.
  ///   - own: The key of its own item.
  ///   - known: Keys of which all lines are being kept now.
  /// - Throws: What SQLite answers.
  func keep(_ record: ArticleRecord, own: ArticleID, known: Set<ArticleID> = []) throws {
    for key in record.keys where !known.contains(key) { try want(key) }
    touched.formUnion(record.keys)
    var digest: [UInt8] = []
    own.hash.appendDigest(to: &digest)
    let find = try statements(.lineOfPlace)
    find.add(record.revision.segment)
    find.add(Int64(record.revision.stamp.sum))
    find.add(record.origin.received)
    find.add(record.origin.device)
    find.add(record.revision.hash)
    find.add(record.keyDigests)
    find.add(record.revision.position)
    let number = try find.step() ? find.integer(0) : nil
    find.reset()
    if let number {
      let replace = try statements(.replaceLine)
      record.add(to: replace)
      replace.add(digest)
      replace.add(number)
      try replace.run()
      return
    }
    let insert = try statements(.keepLine)
    record.add(to: insert)
    insert.add(digest)
    var new: Int64 = 0
    while try insert.step() { new = insert.integer(0) }
    for key in record.keys {
      let add = try statements(.keepLineKey)
      add.add(key.hash)
      add.add(new)
      try add.run()
    }
  }

  /// Has the lines of a key's article looked for, unless they are kept.
  ///
  /// All keys of that article are noted: a line that comes meanwhile under any of them is kept.
  private func want(_ key: ArticleID) throws {
    guard try lines(of: key).isEmpty, try !isWanted(key), let number = try number(of: key),
      let record = try self.record(number)
    else { return }
    for key in [key] + record.keys {
      let insert = try statements(.want)
      insert.add(key.hash)
      try insert.run()
    }
  }

  private func isWanted(_ key: ArticleID) throws -> Bool {
    let select = try statements(.isWanted)
    select.add(key.hash)
    defer { select.reset() }
    return try select.step()
  }

  /// The lines of some keys are all known now.
  func stopWanting(_ keys: Set<ArticleID>) throws {
    for key in keys {
      let delete = try statements(.stopWanting)
      delete.add(key.hash)
      try delete.run()
    }
  }

  private func lines(of key: ArticleID) throws -> [Int64] {
    let select = try statements(.linesOfKey)
    select.add(key.hash)
    defer { select.reset() }
    var numbers: [Int64] = []
    while try select.step() { numbers.append(select.integer(0)) }
    return numbers
  }

  private func line(_ number: Int64) throws -> KeptLine? {
    let select = try statements(.keptLine)
    select.add(number)
    defer { select.reset() }
    guard try select.step(), let record = ArticleRecord(select) else { return nil }
    guard let own = articleKeys(select.bytes(ArticleRecord.columnCount)).first else { return nil }
    return KeptLine(number: number, record: record, own: own)
  }
}

// Working articles out.
extension Fold {
  /// Makes the articles of all keys that were touched anew from their lines.
  func workOutTouched() throws {
    guard !touched.isEmpty else { return }
    let ties = try allTies()
    while let key = touched.first {
      let cluster = try cluster(with: key, ties)
      touched.subtract(cluster.keys)
      if !cluster.isWanted, !cluster.lines.isEmpty { try workOut(cluster, ties) }
    }
  }

  /// All keys that have to do with some, whatever was said about them.
  func keys(relatedTo keys: [ArticleID]) throws -> Set<ArticleID> {
    let ties = try allTies()
    return try keys.reduce(into: []) { related, key in
      if related.contains(key) { return }
      related.formUnion(try cluster(with: key, ties, isReading: true).keys)
    }
  }

  /// Every half of the article that carries a key; none where it was not joined.
  func halves(with key: ArticleID) throws -> [ArticleRecord] {
    var ties = try allTies()
    let cluster = try cluster(with: key, ties, isReading: true)
    ties.joins = [:]
    return cluster.isWanted ? [] : try records(of: cluster, ties)
  }

  /// Where a revision stands; nil for one of a file that was never there.
  func place(of revision: ArticleRecord.Revision) throws -> LinePlace? {
    let name = try facts(ofSegment: revision.segment).name
    guard !name.isEmpty else { return nil }
    return LinePlace(
      segment: name,
      offset: Int(revision.position),
      length: Int(revision.length)
    )
  }

  /// Takes in all lines of some keys.
  ///
  /// What the index knows of an article and none of the lines says is kept as if it were a line:
  /// it came from a file that has gone.
  func settle(_ keys: Set<ArticleID>, with lines: [StoredLine]) throws {
    hasTies = true
    touched.formUnion(keys)
    var rows: [Int64: ArticleRecord] = [:]
    for key in keys {
      if let number = try number(of: key), rows[number] == nil { rows[number] = try record(number) }
    }
    for line in lines {
      guard case .article(let article) = line.event.operation else { continue }
      let record = try record(of: article, line.event, at: line.place)
      try keep(record, own: ownKey(article), known: keys)
    }
    for row in rows.values {
      var (revision, origin) = (false, false)
      for key in row.keys {
        for number in try self.lines(of: key) {
          guard let line = try line(number)?.record else { continue }
          let (stamp, known) = (line.revision.stamp, row.revision.stamp)
          if (stamp.at, stamp.device, line.revision.hash)
            == (known.at, known.device, row.revision.hash)
          {
            revision = true
          }
          if (line.origin.received, line.origin.device)
            == (row.origin.received, row.origin.device)
          {
            origin = true
          }
        }
      }
      if !revision || !origin { try keep(row, own: row.keys[0], known: keys) }
    }
    try stopWanting(keys)
  }

  private func allTies() throws -> Ties {
    let select = try statements(.allTies)
    defer { select.reset() }
    return try Ties(select)
  }

  private func cluster(
    with key: ArticleID,
    _ ties: Ties,
    isReading: Bool = false
  ) throws -> Cluster {
    var cluster = Cluster()
    var numbers: Set<Int64> = []
    var next = [key]
    while let key = next.popLast() {
      guard cluster.keys.insert(key).inserted else { continue }
      if !isReading { try want(key) }
      if try isWanted(key) { cluster.isWanted = true }
      // What was one until now may be two.
      if let number = try number(of: key), let record = try record(number) { next += record.keys }
      if let other = ties.joins[key] { next.append(other) }
      next += ties.joins.lazy.filter { $0.value == key }.map(\.key)
      for number in try lines(of: key) where numbers.insert(number).inserted {
        guard let line = try line(number) else { continue }
        cluster.lines.append(line)
        next += line.record.keys
      }
    }
    cluster.lines.sort { $0.number < $1.number }
    return cluster
  }

  private func workOut(_ cluster: Cluster, _ ties: Ties) throws {
    let records = try records(of: cluster, ties)
    var rows: [Int64: ArticleRecord] = [:]
    var rowOfKey: [ArticleID: Int64] = [:]
    for key in cluster.keys {
      guard let number = try number(of: key) else { continue }
      rowOfKey[key] = number
      if rows[number] == nil { rows[number] = try record(number) }
      try remove(key)
    }
    // An article that stays what it was keeps its number, and with it its text.
    var numbers = [Int64?](repeating: nil, count: records.count)
    for isSameID in [true, false] {
      for (place, record) in records.enumerated() where numbers[place] == nil {
        let keys = isSameID ? [record.keys[0]] : record.keys
        let row = keys.lazy.compactMap { rowOfKey[$0] }
          .first { number in
            rows[number] != nil && !numbers.contains(number)
              && (!isSameID || rows[number]?.keys[0] == record.keys[0])
          }
        if let row { numbers[place] = row }
      }
    }
    for (number, row) in rows where !numbers.contains(number) { try remove(number, of: row.feed) }
    for (record, number) in zip(records, numbers) {
      var stays = number
      if let number, let row = rows[number] {
        try replace(row, with: record, number, isUnited: row.keys != record.keys)
      } else {
        stays = try insert(record)
      }
      guard let stays else { continue }
      for key in record.keys { _ = try add(key, to: stays) }
      try refresh(stays)
    }
  }

  private func remove(_ key: ArticleID) throws {
    let delete = try statements(.removeKey)
    delete.add(key.hash)
    try delete.run()
  }

  private func records(of cluster: Cluster, _ ties: Ties) throws -> [ArticleRecord] {
    let parting = Parting(cluster.lines.map(\.keys), ties)
    return try parting.articles.compactMap { halves in
      var united: ArticleRecord?
      for line in halves.flatMap({ parting.halves[$0].lines }).sorted() {
        var record = cluster.lines[line].record
        record.keys = [parting.held[line][0]] + parting.held[line].dropFirst().sorted()
        if united == nil {
          united = record
        } else {
          try united?.unite(with: record, isBetter: isBetterPlace)
        }
      }
      return united
    }
  }
}

extension Fold.KeptLine {
  /// What it is known by.
  var keys: LineKeys {
    LineKeys(keys: record.keys, own: own, at: record.origin.received, device: record.origin.device)
  }
}

extension Ties {
  /// All of them.
  static let all = "SELECT head, rest, part, other_head, other_rest FROM tie"

  /// Reads all rows of `all`.
  init(_ rows: RawStatement) throws {
    while try rows.step() {
      let key = ArticleID(rows.id(0))
      parts[key] = rows.text(2)
      if !rows.isNull(3) { joins[key] = ArticleID(rows.id(3)) }
    }
  }
}

import ArgumentParser
import FeedJSON
import FeedModel
import FeedStore
import FeedSync
import FeedText

/// `rill devices`.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "Show which machines write into the store, or forget one.",
    discussion: """
      One line for each: id, name, when it last wrote, lines, size, version. The
      one that this machine is has a star. An id stays as long as its files do: a
      machine that is set up anew, or whose files were restored from a copy,
      begins as another one.

      --json has id, name, this, last, lines, bytes, format, app, ahead, gone.

      Examples:
        rill devices
        rill devices forget old-laptop
      """,
    subcommands: [ListDevices.self, ForgetDevice.self],
    defaultSubcommand: ListDevices.self
  )
}

/// `rill devices`, without more.
struct ListDevices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show which machines write into the store.",
    discussion: """
      Examples:
        rill devices list
        rill devices list --json | jq -r .name
      """
  )

  @OptionGroup var common: CommonOptions
  @Flag(help: "Print one JSON object a line.") var json = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let (devices, gone) = try failing { () throws(LibraryError) in try library.devices(now: now) }
    if json {
      for device in devices { Output.standard.raw(line(device, now)) }
      for id in gone { Output.standard.raw(line(gone: id)) }
      return
    }
    if devices.isEmpty, gone.isEmpty { Output.error.line("No machine has written anything yet.") }
    let names = devices.map { capped(terminalSafe($0.name ?? "")) }
    let cells = min(30, names.map { cellWidth($0) }.max() ?? 0)
    let counts = devices.map { "\($0.lines)" }
    let countCells = counts.map(\.count).max() ?? 0
    for (index, device) in devices.enumerated() {
      let last =
        device.newest.map { String(shown($0).prefix(16)).replacing("T", with: " ") } ?? "never"
      var pieces = [
        Piece("\(device.isOurs ? "*" : " ") "), Piece(device.id, .bold),
        Piece("  \(padded(fitted(names[index], toCells: cells), toCells: cells))"),
        Piece("  \(padded(last, toCells: 16))"),
        Piece("  \(padded(counts[index], toCells: countCells, alignedRight: true)) lines"),
        Piece("  \(spelled(bytes: device.sizeInBytes))"),
      ]
      if let app = device.application { pieces.append(Piece("  rill \(capped(app))", .dim)) }
      if device.format > 1 { pieces.append(Piece("  format \(device.format)", .yellow)) }
      if device.isAhead(of: now) { pieces.append(Piece("  ahead of the clock", .yellow)) }
      Output.standard.row(pieces)
    }
    for id in gone {
      Output.standard.line([Piece("  "), Piece(id, .bold), Piece("  its files are gone", .yellow)])
    }
  }

  private func line(_ device: DeviceReport, _ now: Timestamp) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", device.id)
    json.member("name", device.name)
    json.member("this", device.isOurs)
    json.member("last", device.newest.map(shown))
    json.member("lines", device.lines)
    json.member("bytes", device.sizeInBytes)
    json.member("format", device.format)
    json.member("app", device.application)
    json.member("ahead", device.isAhead(of: now))
    json.member("gone", false)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }

  private func line(gone id: String) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("id", id)
    json.member("this", false)
    json.member("gone", true)
    json.endObject()
    json.raw(0x0A)
    return json.bytes
  }
}

/// `rill devices forget`.
struct ForgetDevice: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Take over what a machine wrote, and remove its files.",
    discussion: """
      For a machine that is gone for good. Its articles and marks stay: they are
      written down as this machine's first. If it does live on, it begins as a new
      machine when it next writes; let it hand over what it has before. While a
      sync runs nothing is done, and the status is 75.

      Example:
        rill devices forget old-laptop
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "The id or the name of the machine, as rill devices shows it.") var device: String
  @Flag(help: "Do not ask.") var yes = false

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let now = surroundings.clock()
    let devices = try failing { () throws(LibraryError) in try library.devices(now: now) }.present
    let found = try find(in: devices)
    let name = found.name.map { "\(found.id) (\(capped($0)))" } ?? found.id
    if found.isOurs {
      throw Failure(
        .usage,
        "\(name) is this machine, which cannot be forgotten here. Do it on another, with: "
          + "rill devices forget \(found.id)"
      )
    }
    if !yes { try ask(name, found) }
    let progress = ReadingLine()
    let forgotten = try failing { () throws(LibraryError) in
      try library.forget(device: found.id, now: now, progress: progress.show)
    }
    progress.clear()
    for path in forgotten.originals {
      Output.error.line("Some of it could not be read. A copy of that file is kept: \(path)")
    }
    for name in forgotten.left {
      Output.error.line("Left dev/\(found.id)/\(name): it is not of the store.")
    }
    Output.error.line(
      "Forgot \(name). \(forgotten.lines) line\(forgotten.lines == 1 ? "" : "s") "
        + "of it \(forgotten.lines == 1 ? "is" : "are") this machine's now."
    )
    sayTrouble(library)
  }

  private func find(in devices: [DeviceReport]) throws -> DeviceReport {
    if let device = devices.first(where: { $0.id == device }) { return device }
    let named = devices.filter { $0.name == device || $0.id.hasPrefix(device) && device.count >= 4 }
    if let only = named.first, named.count == 1 { return only }
    guard named.isEmpty else {
      let ids = named.map(\.id).joined(separator: ", ")
      throw Failure(.usage, "\(device) could be any of these: \(ids). Name one by its id.")
    }
    throw Failure(.usage, "No machine is called \(device). See them with: rill devices")
  }

  private func ask(_ name: String, _ device: DeviceReport) throws {
    guard isATerminal(0) else {
      throw Failure(
        .usage,
        "Forgetting \(name) removes its files. If that is wanted, say so with --yes."
      )
    }
    let last = device.newest.map { ", which last wrote \(shown($0))" } ?? ""
    Output.error.line("Take over what \(name)\(last) wrote, and remove its files? [y/N]")
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
      throw Failure(.usage, "Nothing was changed.")
    }
  }
}

import ArgumentParser

/// When there is colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
  /// On a terminal, unless NO_COLOR is set or TERM is dumb.
  case auto
  /// Always, in a pipe as well.
  case always
  case never
}

/// How what is printed for a person looks.
struct ViewOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Colour: auto, always or never; auto heeds NO_COLOR and TERM=dumb.",
      valueName: "when"
    )
  )
  var color: ColourChoice = .auto
  @Flag(help: "Print long output at once, without $PAGER.") var noPager = false

  /// Has standard output look so.
  ///
  /// - Parameters:
  ///   - isPaged: It is for a person to read, and may be long.
  ///   - hyperlinks: Addresses may be put behind the text.
  func apply(isPaged: Bool = true, hyperlinks: Bool = true) {
    Output.standard.prepare(
      colour: color,
      pager: isPaged && !noPager ? pagerCommand() : nil,
      hyperlinks: hyperlinks
    )
  }
}

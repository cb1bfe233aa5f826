/// The element names of HTML, for telling markup from text that looks like it.
enum HTMLNames {
  /// Every element that pages and feeds use.
  static let all = words(
    """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink \
    blockquote body br button canvas caption center cite code col colgroup data datalist dd del \
    details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame \
    frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend \
    li link main map mark marquee math menu meta meter nav nobr noembed noscript object ol \
    optgroup option output p param picture pre progress q rp rt ruby s samp script section select small \
    source span strike strong style sub summary sup svg table tbody td template textarea tfoot th \
    thead time title tr track tt u ul var video wbr
    """
  )

  /// Elements without an end tag (HTML §13.1.2).
  static let void = words(
    "area base basefont br col embed frame hr img input link meta param source track wbr"
  )

  /// Elements that stand apart from the text around them.
  static let block = words(
    """
    address article aside blockquote br center dd details dialog dir div dl dt fieldset figcaption \
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr img li main menu nav ol p pre section \
    table tbody td tfoot th thead tr ul
    """
  )

  /// Elements whose content no reader shows.
  static let hidden = words(
    "script style noscript iframe object applet svg math template head textarea select"
  )

  private static func words(_ list: String) -> Set<String> {
    Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
  }
}

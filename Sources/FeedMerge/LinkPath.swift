/// The parts of a canonical link.
struct LinkPath {
  var host: Substring
  var path: Substring
  var query: Substring

  init(_ link: String) {
    host = link.prefix { $0 != "/" && $0 != "?" }
    let rest = link.dropFirst(host.count)
    path = rest.prefix { $0 != "?" }
    query = rest.dropFirst(path.count)
  }

  /// The path alone names a page: it is no program that is asked for many.
  var names: Bool { path.utf8.count >= 8 && !path.contains(".") }
}

/// Two canonical links differ by their hosts alone, or by what follows the question mark of a long
/// path.
func isSamePath(_ first: String, _ second: String) -> Bool {
  let (first, second) = (LinkPath(first), LinkPath(second))
  return first.path == second.path
    && (first.query == second.query || first.host == second.host && first.names)
}

/// The page is one of many, by its address: it has a number, a query or several words.
func isSpecific(_ link: String?) -> Bool {
  guard let link, let slash = link.firstIndex(of: "/") else {
    return link?.contains("?") == true
  }
  let last = link[slash...].split(separator: "/").last ?? ""
  if link[slash...].contains("?") || last.utf8.contains(where: { (0x30...0x39).contains($0) }) {
    return true
  }
  return last.utf8.count >= 20 || last.utf8.count { $0 == 0x2D || $0 == 0x5F } >= 2
}

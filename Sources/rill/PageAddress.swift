import FeedModel

/// An address as a program may be given it: http or https, and nothing in it that a shell, a
/// terminal or an option could be made of.
///
/// Also a wrapper that hands it to a shell in double quotes is then safe.
///
/// - Parameter address: What a feed says.
/// - Returns: The address written anew; nil when it is of another scheme or cannot be read.
func pageAddress(_ address: String) -> String? {
  guard let url = WebURL(address), url.isWeb, url.host?.isEmpty == false else { return nil }
  let text = percentEncoded(url.withoutUserinfo.text) { byte in
    !"\"'`$\\|<>{}()^!".utf8.contains(byte)
  }
  return text.hasPrefix("http://") || text.hasPrefix("https://") ? text : nil
}

/// The argument vector that opens an address.
///
/// - Parameters:
///   - words: The program and its arguments; `%u` or `%s` is where the address goes, else it comes
///     last.
///   - address: As `pageAddress` gives it.
/// - Returns: The words, with the address as one of them or within one.
func command(_ words: [String], opening address: String) -> [String] {
  guard words.contains(where: { $0.contains("%u") || $0.contains("%s") }) else {
    return words + [address]
  }
  return words.map { word in
    // What is put in is not looked at again.
    var result = ""
    var rest = word[...]
    while let place = rest.firstIndex(of: "%") {
      result += rest[..<place]
      rest = rest[rest.index(after: place)...]
      switch rest.first {
      case "u", "s":
        result += address
        rest.removeFirst()
      case "%":
        result += "%"
        rest.removeFirst()
      default: result += "%"
      }
    }
    return result + rest
  }
}

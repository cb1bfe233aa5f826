/// Decides which addresses a request may reach.
///
/// Pure. It is asked about the address that a socket is opened to, and again before each request,
/// because a connection that is used once more opens no socket.
struct AddressGuard: Sendable {
  /// How a request came by its URL.
  enum Standing: Hashable, Sendable {
    /// A person typed it, or private hosts alone led here from one that a person typed.
    case typed
    /// A public host led here, or the URL came from elsewhere: from a page, or another device.
    case led
  }

  /// Which private addresses may be reached.
  var privateAddresses = FetchSettings.PrivateAddresses.typed
  /// Places that may be private wherever they are met; the host is a name or an address.
  var allowed: Set<HostPort> = []
  /// Addresses of names that are not looked up; the host `*` is every name that has none itself.
  var given: [HostPort: [IPAddress]] = [:]

  /// The addresses that are given to a place, so that its name is not looked up.
  ///
  /// - Parameter place: What a URL names.
  /// - Returns: Nil when nothing is given to it, and to a host that is an address nothing is given
  ///   by `*`.
  func given(to place: HostPort) -> [IPAddress]? {
    if let addresses = given[place] { return addresses }
    guard let addresses = given[HostPort(host: "*", port: place.port)],
      IPAddress(host: place.host) == nil
    else { return nil }
    return addresses
  }

  /// Whether a connection may be made, or used once more.
  ///
  /// - Parameters:
  ///   - address: What the socket is opened to.
  ///   - place: What the URL names.
  ///   - standing: How the request came by its URL.
  /// - Returns: True when the address is public, or this request may reach it nevertheless.
  func allows(_ address: IPAddress, for place: HostPort, standing: Standing) -> Bool {
    if !address.isPrivate { return true }
    if let addresses = given(to: place), addresses.contains(address) { return true }
    if allowed.contains(place) || allowed.contains(HostPort(host: address.host, port: place.port)) {
      return true
    }
    switch (privateAddresses, standing) {
    case (.typed, .typed): return given(to: place) == nil
    case (.typed, .led), (.deny, _): return false
    }
  }

  /// The address that a URL names by itself, when the request may not reach it.
  ///
  /// A proxy connects to where it is told, and no socket of ours shows it. So what can be known
  /// beforehand is decided beforehand.
  ///
  /// - Parameters:
  ///   - place: What the URL names.
  ///   - standing: How the request came by its URL.
  /// - Returns: Nil when the host is a name, or an address that may be reached.
  func refusedLiteral(_ place: HostPort, standing: Standing) -> IPAddress? {
    guard let address = IPAddress(host: place.host),
      !allows(address, for: place, standing: standing)
    else { return nil }
    return address
  }

  /// How a request stands that a redirect leads to.
  ///
  /// - Parameters:
  ///   - place: What the URL names that redirects.
  ///   - address: What answered there; nil when it is not known.
  ///   - standing: How the redirecting request stood.
  /// - Returns: `typed` while only private hosts have led the way.
  func standing(after place: HostPort, at address: IPAddress?, was standing: Standing) -> Standing {
    guard standing == .typed, given(to: place) == nil, let address, address.isPrivate
    else { return .led }
    return .typed
  }
}

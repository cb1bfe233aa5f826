/// How all requests of one fetcher are made.
///
/// Nothing is read from the environment: what is not said here does not hold.
public struct FetchSettings: Hashable, Sendable {
  /// Which private addresses may be reached.
  public enum PrivateAddresses: Hashable, Sendable {
    /// Those of a URL that a person typed, and those that such a host redirects to.
    ///
    /// What a public host leads to must be public.
    case typed
    /// None but those in `allowedAddresses`.
    case deny
  }

  /// One product token with a version, and the project's URL in a comment (RFC 9110 §10.1.5).
  public var userAgent: String
  /// The longest body that is taken off the wire, in bytes.
  public var wireBytesMax = 16 << 20
  /// The longest body after decompression, in bytes; also the largest local file.
  public var decodedBytesMax = 32 << 20
  /// How long one request may take with all its redirects; waiting for its turn is not counted.
  public var totalMilliseconds = 60_000
  /// How long making one connection may take, name lookup and TLS handshake included.
  public var connectMilliseconds = 10_000
  /// A transfer that stays slower than this for `lowSpeedSeconds` is given up.
  public var lowSpeedBytesPerSecond = 100
  /// See `lowSpeedBytesPerSecond`.
  ///
  /// libcurl takes the mean of the last five seconds, so that silence ends after 20 to 26 s.
  public var lowSpeedSeconds = 20
  /// How many redirects of one request are followed.
  public var redirectsMax = 5
  /// How many requests may be under way at one time, at most one of them to a host.
  ///
  /// Those that are silent are not counted; see `patienceSeconds`.
  public var windowSize = 64
  /// A request that has brought nothing for so long is set aside: another may start in its place.
  public var patienceSeconds = 3
  /// How many connections are kept open, used and unused; never fewer than the window.
  ///
  /// With what libcurl needs for itself these are fewer than 512 sockets.
  public var connectionsMax = 508
  /// A connection that was not used for so long is not used again; 0 uses all that are open.
  public var idleSeconds = 118
  /// A file of trusted certificates in PEM; nil searches the usual places.
  public var caFile: String?
  /// The URL of a proxy; nil connects directly, whatever the environment says.
  public var proxy: String?
  /// Which private addresses may be reached.
  public var privateAddresses = PrivateAddresses.typed
  /// `host:port` that may be private wherever they are met.
  ///
  /// The host is a name as in the URL, or an address; IPv6 stands in brackets.
  public var allowedAddresses: [String] = []
  /// `HOST:PORT:ADDRESS`: addresses of names that are not to be looked up.
  ///
  /// These names count as public and may have the address that they are given. The host `*` is
  /// every name that has none itself.
  public var resolve: [String] = []

  /// The defaults.
  ///
  /// - Parameter userAgent: A product token with a version and the project's URL, such as
  ///   `Rill/1.0 (+https://…)`.
  public init(userAgent: String) {
    self.userAgent = userAgent
  }
}

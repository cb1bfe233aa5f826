/// The settings of a fetcher once they are found to be good.
///
/// An object: every request holds it on its way.
final class LoopConfiguration: Sendable {
  let settings: FetchSettings
  let addresses: AddressGuard
  /// The certificates to trust; nil when none were found, and then no TLS connection succeeds.
  let caFile: String?

  /// Where distributions keep their certificates in one file.
  private static let caFiles = [
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  // openSUSE
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",  // Alpine, macOS, FreeBSD
  ]

  /// Checks settings.
  ///
  /// - Throws: `badSetting` for a value that cannot be read, `caFile` for a file that cannot.
  init(_ settings: FetchSettings) throws(FetchSetupError) {
    guard let agent = HTTPText.bytes(settings.userAgent), !agent.isEmpty else {
      throw .badSetting(name: "userAgent", value: settings.userAgent)
    }
    for (name, value) in [
      ("windowSize", settings.windowSize), ("wireBytesMax", settings.wireBytesMax),
      ("decodedBytesMax", settings.decodedBytesMax),
      ("totalMilliseconds", settings.totalMilliseconds),
      ("connectMilliseconds", settings.connectMilliseconds),
      ("patienceSeconds", settings.patienceSeconds),
    ] where value < 1 {
      throw .badSetting(name: name, value: String(value))
    }
    for (name, value) in [
      ("lowSpeedBytesPerSecond", settings.lowSpeedBytesPerSecond),
      ("lowSpeedSeconds", settings.lowSpeedSeconds), ("redirectsMax", settings.redirectsMax),
      ("idleSeconds", settings.idleSeconds),
    ] where value < 0 {
      throw .badSetting(name: name, value: String(value))
    }
    self.settings = Self.clamped(settings)
    var addresses = AddressGuard()
    addresses.privateAddresses = settings.privateAddresses
    for text in settings.allowedAddresses {
      guard let place = HostPort(text) else {
        throw .badSetting(name: "allowedAddresses", value: text)
      }
      addresses.allowed.insert(place)
    }
    for text in settings.resolve {
      guard let (place, address) = Self.resolution(text) else {
        throw .badSetting(name: "resolve", value: text)
      }
      addresses.given[place, default: []].append(address)
    }
    self.addresses = addresses
    if let path = settings.caFile {
      do { try checkReadable(path) } catch {
        throw .caFile(path: path, errno: error.code)
      }
      caFile = path
    } else {
      caFile = Self.caFiles.first { path in
        // A file that cannot be read is as good as none; another may be there.
        (try? checkReadable(path)) != nil
      }
    }
  }

  /// Brings what goes to libcurl into the range of its own numbers; beyond it it would refuse
  /// a value, or take another.
  private static func clamped(_ settings: FetchSettings) -> FetchSettings {
    var settings = settings
    let numberMax = Int(Int32.max)
    settings.windowSize = min(settings.windowSize, 65_536)
    settings.connectionsMax = min(settings.connectionsMax, 65_536)
    settings.totalMilliseconds = min(settings.totalMilliseconds, numberMax)
    settings.connectMilliseconds = min(settings.connectMilliseconds, numberMax)
    settings.lowSpeedBytesPerSecond = min(settings.lowSpeedBytesPerSecond, numberMax)
    settings.lowSpeedSeconds = min(settings.lowSpeedSeconds, Int(Int16.max))
    settings.idleSeconds = min(settings.idleSeconds, numberMax)
    return settings
  }

  /// Reads `HOST:PORT:ADDRESS`.
  private static func resolution(_ text: String) -> (HostPort, IPAddress)? {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let place = HostPort("\(parts[0]):\(parts[1])"),
      let address = IPAddress(parts[2])
    else { return nil }
    return (place, address)
  }
}

/// Hosts that have answered from a public address.
///
/// A name that was public and then claims a private address may be an attack (DNS rebinding): it
/// is from then on treated as if a public host had led there.
struct PublicHosts {
  private var names: Set<String> = []

  /// Takes note of what answered for a host.
  mutating func note(_ address: IPAddress, of host: String) {
    if !address.isPrivate { names.insert(host) }
  }

  /// How a request to a host stands, in the light of what answered there before.
  func standing(of hop: HopRequest) -> AddressGuard.Standing {
    names.contains(hop.place.host) ? .led : hop.standing
  }
}

import Testing

@testable import FeedFetch

private let nas = HostPort(host: "nas.test", port: 80)
private let home = IPAddress.v4(0xC0A8_0105)
private let loopback = IPAddress.v4(0x7F00_0001)
private let web = IPAddress.v4(0x0808_0808)

@Test func `a public address may always be reached`() {
  for policy in [FetchSettings.PrivateAddresses.typed, .deny] {
    for standing in [AddressGuard.Standing.typed, .led] {
      let addresses = AddressGuard(privateAddresses: policy)
      #expect(addresses.allows(web, for: nas, standing: standing))
    }
  }
}

@Test func `a private address may be reached when it was typed and nothing denies it`() {
  #expect(AddressGuard().allows(home, for: nas, standing: .typed))
  #expect(!AddressGuard().allows(home, for: nas, standing: .led))
  let deny = AddressGuard(privateAddresses: .deny)
  #expect(!deny.allows(home, for: nas, standing: .typed))
  #expect(!deny.allows(home, for: nas, standing: .led))
}

@Test func `an allowed place is a name or an address with its port`() {
  for host in ["nas.test", "192.168.1.5"] {
    let addresses = AddressGuard(
      privateAddresses: .deny,
      allowed: [HostPort(host: host, port: 80)]
    )
    #expect(addresses.allows(home, for: nas, standing: .led))
    #expect(!addresses.allows(home, for: HostPort(host: "nas.test", port: 81), standing: .led))
  }
}

@Test func `a name with a given address may have that address and no other private one`() {
  let addresses = AddressGuard(given: [nas: [loopback]])
  #expect(addresses.allows(loopback, for: nas, standing: .led))
  #expect(!addresses.allows(home, for: nas, standing: .typed))
}

@Test func `what is given to all names is given to none that has its own, and to no address`() {
  let addresses = AddressGuard(given: [HostPort(host: "*", port: 80): [loopback], nas: [home]])
  let other = HostPort(host: "other.test", port: 80)
  #expect(addresses.given(to: other) == [loopback])
  #expect(addresses.given(to: nas) == [home])
  #expect(addresses.given(to: HostPort(host: "other.test", port: 81)) == nil)
  #expect(addresses.given(to: HostPort(host: "127.0.0.1", port: 80)) == nil)
  #expect(addresses.given(to: HostPort(host: "[::1]", port: 80)) == nil)
  #expect(addresses.allows(loopback, for: other, standing: .led))
  #expect(!addresses.allows(loopback, for: nas, standing: .led))
  #expect(!addresses.allows(loopback, for: HostPort(host: "127.0.0.1", port: 80), standing: .led))
}

@Test func `a chain of redirects stays typed only while private hosts lead it`() {
  let addresses = AddressGuard()
  #expect(addresses.standing(after: nas, at: home, was: .typed) == .typed)
  #expect(addresses.standing(after: nas, at: home, was: .led) == .led)
  #expect(addresses.standing(after: nas, at: web, was: .typed) == .led)
  #expect(addresses.standing(after: nas, at: nil, was: .typed) == .led)
  let given = AddressGuard(given: [nas: [home]])
  #expect(given.standing(after: nas, at: home, was: .typed) == .led)
}

@Test func `a URL that names a private address is refused before anything is asked`() {
  let place = HostPort(host: "2130706433", port: 80)
  let addresses = AddressGuard()
  #expect(addresses.refusedLiteral(place, standing: .led) == loopback)
  #expect(addresses.refusedLiteral(place, standing: .typed) == nil)
  #expect(addresses.refusedLiteral(nas, standing: .led) == nil)
}

@Test(arguments: [
  ("a.test:80", "a.test", 80), ("A.Test:8080", "a.test", 8080), ("[::1]:1", "[::1]", 1),
])
func `a place is read`(text: String, host: String, port: Int) {
  #expect(HostPort(text) == HostPort(host: host, port: port))
}

@Test(arguments: ["", "a.test", ":80", "a.test:", "a.test:x", "a.test:65536", "::1:80", "a:b:1"])
func `what is no place is not read`(text: String) {
  #expect(HostPort(text) == nil)
}

import Testing

@testable import FeedFetch

@Test(arguments: [
  "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
  "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0",
  "172.31.255.255", "192.0.0.0", "192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0",
  "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.255",
  "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
  "::", "::1", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "100::", "100::ffff",
  "2001:db8::", "2001:db8:ffff::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1",
  "feff::1", "ff00::", "ff02::1",
  "::ffff:127.0.0.2", "::ffff:10.0.0.1", "64:ff9b::7f00:2", "64:ff9b::a9fe:a9fe",
  "2002:7f00:2::", "2002:c0a8:0101::1",
])
func `an address that is not public is private`(text: String) throws {
  let address = try #require(IPAddress(text))
  #expect(address.isPrivate)
}

@Test(arguments: [
  "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
  "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
  "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0",
  "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
  "203.0.114.0", "223.255.255.255",
  "2001:4860:4860::8888", "2606:4700::1111", "64:ff9b:2::1", "101::", "100:0:0:1::", "2001:db9::",
  "fbff::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
])
func `an address beside the special blocks is public`(text: String) throws {
  let address = try #require(IPAddress(text))
  #expect(!address.isPrivate)
}

@Test(arguments: [
  ("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("[2001:DB8:0:0::1]", "[2001:db8::1]"),
  ("fe80::1%eth0", "[fe80::1]"),
])
func `an address is read and written`(text: String, host: String) throws {
  let address = try #require(IPAddress(text))
  #expect(address.host == host)
  #expect(IPAddress(bytes: address.bytes) == address)
}

@Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "a.test", ":::", "12345::", "1.2.3.4 "])
func `what is no address is not read`(text: String) {
  #expect(IPAddress(text) == nil)
}

@Test(arguments: [
  ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"),
  ("127.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("x.localhost.", "127.0.0.1"),
  ("[::1]", "::1"), ("10.0.0.1", "10.0.0.1"),
])
func `a host that is an address in disguise is recognised`(host: String, text: String) {
  #expect(IPAddress(host: host)?.text == text)
}

@Test(arguments: ["a.test", "localhost.test", "notlocalhost", "1.2.3.4.test", ""])
func `a host that is a name is no address`(host: String) {
  #expect(IPAddress(host: host) == nil)
}

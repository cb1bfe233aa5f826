/// Writes a host name in ASCII, as the domain name system wants it (RFC 5891, RFC 3492).
///
/// Percent escapes are undone first, letters are lowered, and the full stops of East Asian scripts
/// are taken for our own. Names are not normalised further.
///
/// - Parameter host: A host name that may hold any characters.
/// - Returns: The name with its labels beyond ASCII as `xn--…`; nil when one cannot be written.
func asciiHost(_ host: Substring) -> String? {
  let isPlain = host.utf8.allSatisfy {
    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D
  }
  if isPlain { return String(host) }
  let plain = percentDecoded(host)
  guard plain.utf8.contains(where: { $0 >= 0x80 }) else { return plain.lowercased() }
  // Tags of languages and signs that only change the look of letters do not belong to a name.
  let name = String(String.UnicodeScalarView(plain.unicodeScalars.filter { $0 != "\u{AD}" }))
  let labels = name.lowercased().unicodeScalars
    .split(omittingEmptySubsequences: false) {
      [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"].contains($0)
    }
  var written: [String] = []
  for label in labels {
    if label.allSatisfy(\.isASCII) {
      written.append(String(String.UnicodeScalarView(label)))
    } else if let encoded = punycode(label.map(\.value)) {
      written.append("xn--" + encoded)
    } else {
      return nil
    }
  }
  return written.joined(separator: ".")
}

/// Encodes one label (RFC 3492 §6.3, with the parameters of §5); nil when it is too long.
private func punycode(_ label: [UInt32]) -> String? {
  // A label has at most 63 bytes, `xn--` among them.
  guard label.count <= 59 else { return nil }
  var output = label.filter { $0 < 0x80 }.map { UInt8($0) }
  let basicCount = output.count
  if basicCount > 0 { output.append(UInt8(ascii: "-")) }
  var next: UInt32 = 128
  var delta: UInt32 = 0
  var bias: UInt32 = 72
  var handled = UInt32(basicCount)
  while handled < label.count {
    guard let lowest = label.filter({ $0 >= next }).min() else { return nil }
    let (step, overflow) = (lowest - next).multipliedReportingOverflow(by: handled + 1)
    guard !overflow, delta <= UInt32.max - step else { return nil }
    delta += step
    next = lowest
    for scalar in label {
      if scalar < next { delta += 1 }
      guard scalar == next else { continue }
      var rest = delta
      var k: UInt32 = 36
      while true {
        let threshold = k <= bias ? 1 : min(k - bias, 26)
        if rest < threshold { break }
        output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
        rest = (rest - threshold) / (36 - threshold)
        k += 36
      }
      output.append(digit(rest))
      bias = adapted(delta, points: handled + 1, isFirst: handled == basicCount)
      delta = 0
      handled += 1
    }
    delta += 1
    next += 1
  }
  return output.count <= 59 ? String(decoding: output, as: UTF8.self) : nil
}

/// RFC 3492 §6.1.
private func adapted(_ delta: UInt32, points: UInt32, isFirst: Bool) -> UInt32 {
  var delta = isFirst ? delta / 700 : delta / 2
  delta += delta / points
  var k: UInt32 = 0
  while delta > 455 {
    delta /= 35
    k += 36
  }
  return k + 36 * delta / (delta + 38)
}

/// 0 to 25 are the letters, 26 to 35 the digits.
private func digit(_ value: UInt32) -> UInt8 {
  UInt8(value) + (value < 26 ? UInt8(ascii: "a") : UInt8(ascii: "0") - 26)
}

/// What a publisher might write to steer the terminal of its reader, a family after the other.
public let terminalPayloads: [String] = [
  // Titles set and reported.
  "\u{1B}]0;owned\u{07}", "\u{1B}]1;icon\u{07}", "\u{1B}]2;owned\u{1B}\\", "\u{1B}[21t",
  "\u{1B}[20t", "\u{1B}]l;x\u{1B}\\", "\u{1B}[22;0t\u{1B}[23;0t",
  // The clipboard.
  "\u{1B}]52;c;cm0gLXJm\u{07}", "\u{1B}]52;p;?\u{07}", "\u{1B}]52;c;!\u{1B}\\",
  // Hyperlinks, whole and not.
  "\u{1B}]8;;http://evil.example/\u{1B}\\text\u{1B}]8;;\u{1B}\\",
  "\u{1B}]8;;http://evil.example/ open",
  "\u{1B}]8;id=1;file:///etc/passwd\u{07}x", "\u{1B}\\\u{1B}]8;;http://evil.example/\u{1B}\\",
  // Requests that a terminal answers as if somebody had typed.
  "\u{1B}P$q\"p\u{1B}\\", "\u{1B}P+q544e\u{1B}\\", "\u{1B}[c", "\u{1B}[>c", "\u{1B}[=c",
  "\u{1B}[5n",
  "\u{1B}[6n", "\u{1B}[?6n", "\u{05}", "\u{1B}Z", "\u{1B}[x", "\u{1B}]10;?\u{07}",
  "\u{1B}]4;1;?\u{07}",
  "\u{1B}[?1$p", "\u{1B}]50;?\u{07}",
  // Screens, cursors, colours that hide.
  "\u{1B}[?1049h", "\u{1B}[2J\u{1B}[H", "\u{1B}c", "\u{1B}[3J", "\u{1B}[?25l",
  "\u{1B}7\u{1B}[1;1H\u{1B}8",
  "\u{1B}[8mhidden", "\u{1B}[30;40mblack", "\u{1B}[1A\u{1B}[2K", "\u{1B}[5m", "\u{1B}[!p",
  "\u{1B}#8",
  "\u{1B}(0lqqk", "\u{1B}[4h", "\u{1B}[12h", "\u{1B}[20h", "\u{1B}[1;5r",
  // Mouse, keys, paste.
  "\u{1B}[?1003h", "\u{1B}[?1000;1006h", "\u{1B}[?2004h", "\u{1B}[200~rm -rf\n\u{1B}[201~",
  "\u{1B}[>4;2m",
  "\u{1B}[?1004h", "\u{1B}P1;1|17/726d\u{1B}\\",
  // Pictures and files.
  "\u{1B}Pq#0;2;0;0;0#0~~@@\u{1B}\\", "\u{1B}_Ga=T,f=100;AAAA\u{1B}\\",
  "\u{1B}]1337;File=inline=1:AAAA\u{07}", "\u{1B}^private\u{1B}\\", "\u{1B}Xstring\u{1B}\\",
  "\u{1B}[5i", "\u{1B}[4i", "\u{1B}]777;notify;a;b\u{07}", "\u{1B}]9;4;1;50\u{07}",
  "\u{1B}]133;C\u{07}", "\u{1B}]7;file://evil.example/\u{07}",
  // Bells, backspaces, deletes, shifts.
  "\u{07}\u{07}\u{07}\u{07}\u{07}\u{07}\u{07}\u{07}", "safe\u{08}\u{08}\u{08}\u{08}evil",
  "a\u{7F}b",
  "\u{0E}shift\u{0F}", "\u{0B}\u{0C}", "a\u{0}b",
  // C1, with and without what they begin.
  "\u{9B}31mred", "\u{9D}0;title\u{9C}", "\u{90}q\u{9C}", "\u{85}next\u{84}", "\u{9F}Ga=T\u{9C}",
  // Lines that are overwritten or made.
  "safe\rEVIL", "one\r\ntwo", "one\u{2028}two\u{2029}three",
  // Text that reads other than it is.
  "user\u{202E}gpj.exe", "\u{2066}\u{2067}\u{2068}\u{2069}a", "\u{200E}a\u{200F}\u{61C}",
  "pay\u{200B}pal\u{2060}\u{FEFF}\u{AD}", "\u{E0041}\u{E0042}\u{E007F}tags",
  "\u{FFF9}a\u{FFFA}b\u{FFFB}",
  "z" + String(repeating: "\u{0317}\u{0301}\u{0336}", count: 60),
  "👩\u{200D}a\u{200D}\u{FE0F}", noncharacters(0xFDD0, 0xFDDE, 0xFDE0, 0xFDEF, 0xFFFE) + "bold",
  // For a shell behind it.
  "$(touch X) `touch X` ;touch X| touch X & 'q\" \\", "-oProxyCommand=touch",
]

/// A text of characters that Unicode keeps for a program's own use, and a literal cannot hold.
public func noncharacters(_ values: UInt32...) -> String {
  var text = ""
  text.unicodeScalars.append(contentsOf: values.compactMap(Unicode.Scalar.init))
  return text
}

/// The characters that no output may hold, on a terminal or in a pipe.
///
/// What the program draws itself is taken out first: on a terminal its own colours and hyperlinks,
/// and the clearing of its progress line.
///
/// - Parameters:
///   - output: What it printed.
///   - isTerminal: It printed on a terminal.
///   - isJSON: It is for programs, which want each character; none of them steers anything.
///   - hasTabs: Fields are separated by tabs.
/// - Returns: What should not be there with what stands before it, for a person to read.
public func forbidden(
  in output: String,
  isTerminal: Bool,
  isJSON: Bool = false,
  hasTabs: Bool = false
) -> [String] {
  let text = isTerminal ? withoutOwnSequences(Array(output.utf8)) : output
  var faults: [String] = []
  var marks = 0
  var before = ""
  for scalar in text.unicodeScalars {
    let value = scalar.value
    var isFault = false
    switch value {
    case 0x0A: marks = 0
    case 0x09: isFault = !hasTabs
    case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
      isFault = true
    case 0xAD, 0x200B, 0x2060, 0xFDD0...0xFDEF, 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF,
      0xE0000...0xE007F:
      isFault = !isJSON
    case 0x300...0x36F:
      marks += 1
      isFault = marks > 8 && !isJSON
    default: marks = 0
    }
    if isFault { faults.append("U+" + String(value, radix: 16) + " after " + before) }
    before.unicodeScalars.append(scalar)
    if before.unicodeScalars.count > 60 { before.unicodeScalars.removeFirst(30) }
  }
  return faults
}

/// Takes out the colours of the program, its hyperlinks (https, printable ASCII, to the one host
/// of these tests), and what clears a line.
private func withoutOwnSequences(_ bytes: [UInt8]) -> String {
  let whole =
    ["0", "1", "2", "4", "31", "32", "33", "36", "1;2", "1;4", "1;36", "2;4", "2;36", "4;36"]
    .map { Array("\u{1B}[\($0)m".utf8) }
    + [Array("\r\u{1B}[K".utf8), Array("\u{1B}]8;;\u{1B}\\".utf8)]
  let link = Array("\u{1B}]8;;https://soup.example/".utf8)
  var result: [UInt8] = []
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    let rest = bytes[index...]
    if byte == 0x0D, rest.count > 1, bytes[index + 1] == 0x0A {
      index += 1
    } else if let own = byte == 0x1B || byte == 0x0D
      ? whole.first(where: { rest.starts(with: $0) }) : nil
    {
      index += own.count
    } else if byte == 0x1B, rest.starts(with: link),
      let end = rest.dropFirst().firstIndex(where: { !(0x21...0x7E).contains($0) }),
      bytes[end...].starts(with: [0x1B, UInt8(ascii: "\\")])
    {
      index = end + 2
    } else {
      result.append(byte)
      index += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}

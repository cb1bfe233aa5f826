/// The names of time zones that dates are written with.
enum ZoneNames {
  /// Minutes east of Greenwich, by the name in lower case.
  ///
  /// RFC 822 §5 has the American ones; the letters of the military are useless since RFC 822 got
  /// their signs wrong (RFC 5322 §4.3). Of a name that stands for several zones the one with the
  /// most people who write feeds counts. A name that is not here counts as UTC.
  static let minutes: [String: Int] = [
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "zulu": 0,
    // Europe and Africa.
    "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60, "wat": 60, "cest": 120, "mest": 120,
    "mesz": 120, "eet": 120, "sast": 120, "cat": 120, "eest": 180, "eat": 180, "msk": 180,
    "trt": 180, "msd": 240, "samt": 240,
    // The Americas.
    "nst": -210, "ndt": -150, "ast": -240, "adt": -180, "at": -240, "est": -300, "edt": -240,
    "et": -300, "cst": -360, "cdt": -300, "ct": -360, "mst": -420, "mdt": -360, "mt": -420,
    "pst": -480, "pdt": -420, "pt": -480, "akst": -540, "akdt": -480, "hst": -600, "hdt": -540,
    "brt": -180, "art": -180, "uyt": -180, "clst": -180, "clt": -240, "bot": -240, "vet": -240,
    "pet": -300, "cot": -300,
    // Asia and the Pacific.
    "idt": 180, "irst": 210, "gst": 240, "pkt": 300, "uzt": 300, "yekt": 300, "ist": 330,
    "npt": 345, "omst": 360, "krat": 420, "wib": 420, "ict": 420, "sgt": 480, "hkt": 480,
    "myt": 480, "pht": 480, "wita": 480, "awst": 480, "irkt": 480, "jst": 540, "kst": 540,
    "wit": 540, "yakt": 540, "acst": 570, "aest": 600, "vlat": 600, "acdt": 630, "aedt": 660,
    "nzst": 720, "nzdt": 780,
  ]
}

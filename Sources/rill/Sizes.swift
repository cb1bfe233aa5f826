/// A number of bytes as people say it: `512 B`, `37 kB`, `4.2 MB`, `1.3 GB`.
func spelled(bytes: Int) -> String {
  switch bytes {
  case ..<1000: "\(bytes) B"
  case ..<1_000_000: "\(bytes / 1000) kB"
  case ..<1_000_000_000: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
  default: "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
  }
}

import FeedModel
import FeedText

extension SyncFailure {
  /// What kind of thing it is.
  var trouble: Trouble {
    switch self {
    case .later: .rateLimited
    case .gone: .gone
    case .page(.login), .page(.challenge), .page(.consent): .blocked
    // Nobody of the site has answered.
    case .page(.captivePortal): .unreachable
    case .page(.notFound): .notFound
    case .page(.parked), .page(nil): .broken
    case .parse, .options: .broken
    case .fetch(let failure): failure.trouble
    }
  }
}

extension FetchFailure {
  fileprivate var trouble: Trouble {
    switch self {
    case .nameNotFound, .connection, .timeout, .cutOff, .transfer, .cancelled: .unreachable
    case .tls: .certificate
    case .pausedHost: .rateLimited
    case .challenge, .status(401, _), .status(403, _), .status(451, _): .blocked
    case .status(404, _): .notFound
    case .badURL, .scheme, .tooLarge, .redirects, .badRedirect, .refusedAddress, .refusedFile,
      .status, .badEncoding, .empty, .file:
      .broken
    }
  }
}

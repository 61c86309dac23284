import AsyncHTTPClient
import NIOHTTP1

extension SourceError {
    /// What an error of the HTTP client means; `isAfterHead` once the response's status has arrived.
    init(transport error: any Error, isAfterHead: Bool) {
        switch error {
        case let own as SourceError: self = own
        case is CancellationError: self = .cancelled
        case HTTPParserError.invalidEOFState: self = Self.closedEarly
        case is HTTPParserError: self = .broken("the source does not speak HTTP properly")
        case let failure as HTTPClientError:
            switch failure {
            case .cancelled, .alreadyShutdown: self = .cancelled
            case .deadlineExceeded: self = .timedOut(.total)
            case .readTimeout: self = .timedOut(.idle)
            case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: self = .timedOut(.connect)
            case .remoteConnectionClosed, .uncleanShutdown: self = Self.closedEarly
            default: self = .broken("the source does not speak HTTP properly")
            }
        default: self = isAfterHead ? .broken("the connection to the source broke") : .unreachable
        }
    }

    static var closedEarly: SourceError { .broken("the source closed the connection early") }
}

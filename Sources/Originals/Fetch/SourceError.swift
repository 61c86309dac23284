/// Why a source could not be had, by what the caller can do about it.
///
/// `description` is fit for strangers: it never holds an address, a resolved name, a path of this machine or a line
/// that the source sent.
package enum SourceError: Error, Hashable, Sendable {
    /// The reference cannot be read; the caller's fault.
    case malformed(String)
    /// The operator does not allow this source: not in the allow-list, or an address that the guard refuses.
    case notAllowed(String)
    /// The source says 404 or 410, or there is no such file or object.
    case notFound
    /// The source says 401 or 403.
    case accessDenied
    /// More bytes, declared or sent, than `limit`.
    case tooLarge(limit: Int)
    /// The source answered with this status, which is no success.
    case refused(status: Int)
    /// No connection: the name does not resolve, or nobody listens, or TLS fails.
    case unreachable
    /// The source broke the protocol: no HTTP, a wrong length, an encoding that was not asked for.
    case broken(String)
    /// The source took longer than the named limit.
    case timedOut(Phase)
    case tooManyRedirects(limit: Int)
    /// Too many fetches are under way here; try again later.
    case overloaded
    /// Memory or disk for the bytes could not be had here.
    case storage(String)
    /// The asking task was cancelled.
    case cancelled

    package enum Phase: String, Hashable, Sendable {
        /// Resolving and connecting.
        case connect
        /// Nothing arrived for a while.
        case idle
        /// The whole fetch.
        case total
    }

    /// Whether the same request may succeed a moment later.
    package var isTransient: Bool {
        switch self {
        case .unreachable, .timedOut, .overloaded, .storage, .cancelled, .broken: true
        case .refused(let status): status == 429 || status >= 500
        case .malformed, .notAllowed, .notFound, .accessDenied, .tooLarge, .tooManyRedirects: false
        }
    }
}

extension SourceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let reason), .notAllowed(let reason), .broken(let reason): reason
        case .notFound: "there is no such source"
        case .accessDenied: "the source denies access"
        case .tooLarge(let limit): "the source is larger than \(limit) bytes"
        case .refused(let status): "the source answered with status \(status)"
        case .unreachable: "the source cannot be reached"
        case .timedOut(.connect): "connecting to the source took too long"
        case .timedOut(.idle): "the source stopped sending"
        case .timedOut(.total): "the source took too long"
        case .tooManyRedirects(let limit): "the source redirects more than \(limit) times"
        case .overloaded: "too many sources are being fetched"
        case .storage: "the source could not be kept"
        case .cancelled: "the fetch was cancelled"
        }
    }
}

package import HTTPSemantics

/// Why an answer to a read was passed on and not stored.
package enum UnstoredReason: Hashable, Sendable {
    /// By the rules of RFC 9111.
    case refused(StoringRefusal)
    /// More bytes than `EdgeSettings.storedBytesMax`.
    case tooLarge
    /// A purge came while it was fetched.
    case purged
    /// It broke off.
    case incomplete

    package static let all: [UnstoredReason] =
        StoringRefusal.allCases.map { .refused($0) } + [.tooLarge, .purged, .incomplete]

    /// The label in metrics.
    package var text: String {
        switch self {
        case .refused(let refusal): refusal.rawValue
        case .tooLarge: "too-large"
        case .purged: "purged"
        case .incomplete: "incomplete"
        }
    }
}

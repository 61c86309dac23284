import NIOCore

/// The moments by which something has to have happened on one connection.
struct ExchangeDeadlines {
    enum Kind: Int, CaseIterable {
        /// The exchange is to be over.
        case whole
        /// The upstream is to take a piece of the request.
        case request
        /// Enough waiting for `100 (Continue)`.
        case continuation
        /// The final head is to be there.
        case head
        /// The next piece of the body is to be there.
        case body
        /// The connection has been idle for long enough.
        case idle
    }

    private var moments = [NIODeadline?](repeating: nil, count: Kind.allCases.count)

    subscript(kind: Kind) -> NIODeadline? {
        get { moments[kind.rawValue] }
        set { moments[kind.rawValue] = newValue }
    }

    /// The next of them.
    var next: NIODeadline? { moments.lazy.compactMap(\.self).min() }

    /// Takes out one that has passed.
    mutating func takeDue(at now: NIODeadline) -> Kind? {
        for kind in Kind.allCases {
            if let moment = self[kind], moment <= now {
                self[kind] = nil
                return kind
            }
        }
        return nil
    }

    mutating func removeAll() {
        for kind in Kind.allCases { self[kind] = nil }
    }
}

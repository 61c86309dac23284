import HTTPTypes

/// Watches that a response goes out in order, once, and with the body it promised.
///
/// No I/O, no time.
struct ResponseProgress: Sendable {
    /// What is to be done when the handler has returned.
    enum Leftover: Sendable, Equatable {
        /// The response was ended.
        case nothing
        /// There was no response: 500.
        case internalError
        /// All of the body was written but the end not said.
        case end
        /// Something is missing: the connection has to be cut.
        case abort
    }

    private enum Phase: Equatable {
        case waiting
        case body(remaining: Int64?)
        case ended
        case broken
    }

    private let isHead: Bool
    private let isVersion11: Bool
    private var phase = Phase.waiting

    init(isHead: Bool, isVersion11: Bool) {
        self.isHead = isHead
        self.isVersion11 = isVersion11
    }

    /// Whether the final response's head was sent.
    var hasBegun: Bool { phase != .waiting }

    /// Checks an informational response; `false` when it is to be dropped.
    mutating func inform(_ response: HTTPResponse) throws(ExchangeError) -> Bool {
        guard phase == .waiting else { throw .misuse("an informational response after the final one") }
        guard response.status.code / 100 == 1, response.status.code != 101 else {
            throw .misuse("no informational response")
        }
        return isVersion11
    }

    /// Takes the final head and decides how its body is delimited.
    mutating func begin(_ response: HTTPResponse) throws(ExchangeError) -> ResponseFraming {
        guard phase == .waiting else { throw .misuse("a second response") }
        let status = response.status.code
        guard (200...999).contains(status) else { throw .misuse("no final response") }
        let length = try Self.length(response)
        if isHead || status == 204 || status == 304 {
            phase = .body(remaining: nil)
            return .none
        }
        phase = .body(remaining: length)
        if let length { return .length(length) }
        return isVersion11 ? .chunked : .untilClose
    }

    /// Takes some bytes of the body.
    mutating func data(_ count: Int) throws(ExchangeError) {
        guard case .body(let remaining) = phase else { throw .misuse("a body out of turn") }
        guard let remaining else { return }
        guard Int64(count) <= remaining else {
            phase = .broken
            throw .misuse("more body than Content-Length says")
        }
        phase = .body(remaining: remaining - Int64(count))
    }

    /// Takes the end; `false` when the body is shorter than it was to be.
    mutating func end() throws(ExchangeError) -> Bool {
        guard case .body(let remaining) = phase else { throw .misuse("an end out of turn") }
        let isComplete = remaining ?? 0 == 0
        phase = isComplete ? .ended : .broken
        return isComplete
    }

    /// Takes the handler's return.
    mutating func leave() -> Leftover {
        defer { phase = .ended }
        switch phase {
        case .waiting: return .internalError
        case .body(let remaining): return remaining == 0 ? .end : .abort
        case .ended: return .nothing
        case .broken: return .abort
        }
    }

    private static func length(_ response: HTTPResponse) throws(ExchangeError) -> Int64? {
        let values = response.headerFields[values: .contentLength]
        guard let first = values.first else { return nil }
        guard values.count == 1, first.utf8.allSatisfy(Octet.isDigit), let length = Int64(first) else {
            throw .misuse("Content-Length is no number")
        }
        return length
    }
}

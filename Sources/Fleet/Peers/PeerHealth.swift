/// Whether a peer is worth asking: after a failure it is left alone for a time that doubles, then one request tries.
struct PeerHealth: Hashable, Sendable {
    private enum State: Hashable, Sendable {
        case well
        /// Not asked before this time.
        case resting(untilMilliseconds: Int64)
        /// One request is on its way to find out; if nothing is heard until then, another one may go.
        case onTrial(untilMilliseconds: Int64)
    }

    private var state = State.well
    /// Failures in a row, as far as they count: those of requests that were on their way together count once.
    private(set) var failures = 0

    func isAvailable(at nowMilliseconds: Int64, _ backOff: PeerSet.BackOff) -> Bool {
        switch state {
        case .well: true
        case .resting(let until), .onTrial(let until):
            // A rest that lies further ahead than any can was begun before the clock was set back.
            nowMilliseconds >= until || until - nowMilliseconds > backOff.longestMilliseconds
        }
    }

    /// When it may be asked again; `nil` for one that is well.
    var restsUntilMilliseconds: Int64? {
        switch state {
        case .well: nil
        case .resting(let until), .onTrial(let until): until
        }
    }

    /// A request is being sent to a peer that is available.
    mutating func asked(at nowMilliseconds: Int64, _ backOff: PeerSet.BackOff) {
        if state != .well {
            state = .onTrial(untilMilliseconds: nowMilliseconds + backOff.milliseconds(after: failures))
        }
    }

    mutating func answered() {
        state = .well
        failures = 0
    }

    mutating func failed(at nowMilliseconds: Int64, _ backOff: PeerSet.BackOff) {
        if case .resting = state { return }
        failures += 1
        state = .resting(untilMilliseconds: nowMilliseconds + backOff.milliseconds(after: failures))
    }
}

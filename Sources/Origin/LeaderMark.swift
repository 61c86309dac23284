import Synchronization

/// Tells whether a request's own work ran, or another's result was shared.
final class LeaderMark: Sendable {
    private let mark = Atomic(false)

    var isSet: Bool { mark.load(ordering: .relaxed) }
    func set() { mark.store(true, ordering: .relaxed) }
}

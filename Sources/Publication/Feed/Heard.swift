import Synchronization

/// Whether a source has said anything since it was asked.
final class Heard: Sendable {
    private let something = Atomic(false)

    var isSomething: Bool { something.load(ordering: .relaxed) }

    func note() { something.store(true, ordering: .relaxed) }
}

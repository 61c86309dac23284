@testable import Caching

/// Threads wait before it until it is opened, once and for all.
final class Gate: Sendable {
    private let signal = ThreadSignal()

    func wait() {
        signal.wait()
        signal.raise()
    }

    func open() { signal.raise() }
}

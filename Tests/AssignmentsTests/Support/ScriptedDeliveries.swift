import Assignments
import Synchronization

/// Rows that a test counts by hand.
final class ScriptedDeliveries: DeliverySource {
    private struct State {
        var rows: [DeliveryRow] = []
        var takes = 0
        var call: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    var takes: Int { state.withLock { $0.takes } }

    func add(_ rows: [DeliveryRow]) { state.withLock { $0.rows += rows } }

    /// Tells the recorder that a table is full.
    func alarm() { state.withLock { $0.call }?() }

    func take() -> [DeliveryRow] {
        state.withLock { state in
            state.takes += 1
            defer { state.rows = [] }
            return state.rows
        }
    }

    func whenFull(_ call: @escaping @Sendable () -> Void) { state.withLock { $0.call = call } }
}

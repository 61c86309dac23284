import Synchronization

/// Counts the open connections of all event loops, in all and for each client; asked only at accept and at close.
final class ConnectionLedger: Sendable {
    private struct State {
        var connections = 0
        var clients: [ClientAddress: Int] = [:]
        var tasks = 0
        var waiters: [CheckedContinuation<Void, Never>] = []

        var isEmpty: Bool { connections == 0 && tasks == 0 }
    }

    private let state = Mutex(State())
    private let connectionsMax: Int
    private let perClientMax: Int

    init(connectionsMax: Int, perClientMax: Int) {
        self.connectionsMax = connectionsMax
        self.perClientMax = perClientMax
    }

    /// Enters a connection; says why it is one too many (then it is entered nevertheless, until it leaves).
    func enter(_ client: ClientAddress?) -> Refusal? {
        state.withLock { state in
            state.connections += 1
            var ofClient = 0
            if let client {
                ofClient = state.clients[client, default: 0] + 1
                state.clients[client] = ofClient
            }
            if state.connections > connectionsMax { return .tooManyConnections }
            return ofClient > perClientMax ? .tooManyConnectionsOfClient : nil
        }
    }

    /// A connection has ended.
    func leave(_ client: ClientAddress?) {
        change { state in
            state.connections -= 1
            guard let client, let count = state.clients[client] else { return }
            state.clients[client] = count > 1 ? count - 1 : nil
        }
    }

    /// A handler's task begins.
    func beginTask() { state.withLock { $0.tasks += 1 } }

    /// A handler's task has ended.
    func endTask() { change { $0.tasks -= 1 } }

    /// Whether there are so many refused connections that another is closed without a word.
    var isOverrun: Bool { state.withLock { $0.connections > connectionsMax + connectionsMax / 8 + 64 } }

    /// Returns when no connection is open and no handler runs.
    func waitUntilEmpty() async {
        await withCheckedContinuation { waiter in
            let isEmpty = state.withLock { state in
                if !state.isEmpty { state.waiters.append(waiter) }
                return state.isEmpty
            }
            if isEmpty { waiter.resume() }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            guard state.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

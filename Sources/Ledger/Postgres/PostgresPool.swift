import NIOPosix
import Synchronization

/// Some threads with a connection each: what waits for PostgreSQL waits there, never on an event loop.
///
/// Work waits in order for a thread, as long as its deadline allows. A connection is made when it is first needed and
/// made anew when the server has ended it.
final class PostgresPool: Sendable {
    private struct State {
        /// At most as many as there are threads.
        var idle: [PostgresConnection] = []
        var waiting = 0
        var isClosed = false
        /// A connection that did not come about, and until when nobody tries again.
        var refusal: (error: LedgerError, until: ContinuousClock.Instant)?
    }

    private let address: PostgresAddress
    private let settings: PostgresSettings
    private let clock = ContinuousClock()
    private let threads: NIOThreadPool
    private let state = Mutex(State())

    init(_ address: PostgresAddress, settings: PostgresSettings) {
        self.address = address
        self.settings = settings
        threads = NIOThreadPool(numberOfThreads: max(1, settings.connections))
        threads.start()
    }

    /// Runs work with a connection on a thread that may be blocked.
    ///
    /// The work gets a deadline that is `limit` from now. A transaction that it leaves open is rolled back.
    ///
    /// - Throws: `crowded`, `closed`, `unavailable`, and what the work throws.
    func run<Value: Sendable>(
        within limit: Duration,
        _ work: @escaping @Sendable (PostgresConnection, ContinuousClock.Instant) throws(LedgerError) -> Value
    ) async throws(LedgerError) -> Value {
        try enter()
        let deadline = clock.now + limit
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome<Value>, Never>) in
            threads.submit { state in
                guard case .active = state else { return waiter.resume(returning: .failure(.closed)) }
                do throws(LedgerError) {
                    waiter.resume(returning: .success(try self.perform(work, by: deadline)))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        state.withLock { $0.waiting -= 1 }
        return try outcome.get()
    }

    private typealias Outcome<Value> = Result<Value, LedgerError>

    private func enter() throws(LedgerError) {
        let refusal = state.withLock { state -> LedgerError? in
            if state.isClosed { return .closed }
            if state.waiting >= settings.waitingMax { return .crowded }
            state.waiting += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    private func perform<Value>(
        _ work: (PostgresConnection, ContinuousClock.Instant) throws(LedgerError) -> Value,
        by deadline: ContinuousClock.Instant
    ) throws(LedgerError) -> Value {
        guard clock.now < deadline else { throw .crowded }
        let connection = try connection(by: deadline)
        defer {
            connection.rollBack()
            if connection.isReusable { keep(connection) }
        }
        return try work(connection, deadline)
    }

    private func connection(by deadline: ContinuousClock.Instant) throws(LedgerError) -> PostgresConnection {
        while let idle = state.withLock({ $0.idle.popLast() }) {
            if !idle.isStale { return idle }
        }
        let now = clock.now
        if let refusal = state.withLock({ $0.refusal }), now < refusal.until { throw refusal.error }
        do throws(LedgerError) {
            let made = try PostgresConnection(
                address,
                grace: settings.cancelGrace,
                clock: clock,
                by: min(deadline, now + settings.connectDeadline)
            )
            state.withLock { $0.refusal = nil }
            return made
        } catch {
            let until = clock.now + settings.refusalPause
            state.withLock { $0.refusal = (error, until) }
            throw error
        }
    }

    private func keep(_ connection: PostgresConnection) {
        state.withLock { state in
            if !state.isClosed { state.idle.append(connection) }
        }
    }

    /// Waits for what is under way and ends all connections.
    func close() async {
        state.withLock { $0.isClosed = true }
        // It was started, so it can be shut down; a second time does nothing.
        try? await threads.shutdownGracefully()
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        _ = idle
    }
}

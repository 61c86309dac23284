import CLibPQ
import Glibc

/// One connection to PostgreSQL, used by one thread at a time, which it blocks: until an answer or a deadline.
///
/// libpq is used in its non-blocking way with `poll`, so that a server that went silent holds the thread no longer than
/// the deadline. A statement that is late is cancelled; if it does not end then, the connection is given up.
// SAFETY: whoever uses it has taken it out of the pool's list, so one thread at a time does.
@safe final class PostgresConnection: @unchecked Sendable {
    private let connection: OpaquePointer
    private let address: PostgresAddress
    private let grace: Duration
    private let clock: ContinuousClock
    private var prepared: Set<String> = []
    /// Whether a statement may still be under way on the server.
    private var isLost = false

    /// - Throws: `unavailable`.
    init(
        _ address: PostgresAddress,
        grace: Duration,
        clock: ContinuousClock,
        by deadline: ContinuousClock.Instant
    ) throws(LedgerError) {
        var names = CStringTable()
        var values = CStringTable()
        // Of two values for a name the later counts: what the URL may change stands before it.
        for (name, value) in [
            ("fallback_application_name", "vitrine"), ("tcp_user_timeout", "10000"), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("dbname", address.url.value), ("client_encoding", "UTF8"),
        ] {
            names.append(name.utf8)
            values.append(value.utf8)
        }
        // SAFETY: libpq copies all texts before it returns.
        let made = unsafe names.withPointers { names in
            unsafe values.withPointers { values in unsafe PQconnectStartParams(names, values, 1) }
        }
        guard let made = unsafe made else { throw .unavailable(DatabaseFault(message: "no memory for a connection")) }
        unsafe connection = made
        self.address = address
        self.grace = grace
        self.clock = clock
        // SAFETY: the function is a constant one, and the connection is this object's.
        unsafe PQsetNoticeReceiver(connection, { _, _ in }, nil)
        try greet(by: deadline)
    }

    deinit {
        // SAFETY: nothing else frees it, and nobody uses it any more.
        unsafe PQfinish(connection)
    }

    private func greet(by deadline: ContinuousClock.Instant) throws(LedgerError) {
        // libpq begins by waiting to write.
        var next = PGRES_POLLING_WRITING
        while next != PGRES_POLLING_OK {
            guard next != PGRES_POLLING_FAILED else { throw lost() }
            guard wait(for: next == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline) else {
                throw .unavailable(DatabaseFault(message: "no connection to \(address) in time"))
            }
            // SAFETY: the connection is this object's.
            next = unsafe PQconnectPoll(connection)
        }
        // SAFETY: as above.
        guard unsafe PQsetnonblocking(connection, 1) == 0 else { throw lost() }
        try run(
            """
            SET client_min_messages = warning; SET idle_in_transaction_session_timeout = '60s';
            SET lock_timeout = '10s'; SET datestyle = 'ISO, YMD';
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off'
            """,
            by: deadline
        )
    }

    // MARK: State

    /// Whether the next one may use it.
    var isReusable: Bool {
        // SAFETY: reads the connection's state.
        unsafe !isLost && PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE
    }

    /// Whether the server has ended it meanwhile, as far as is known here.
    var isStale: Bool {
        // To a connection at rest the server has nothing to say but why it ends; a new one is cheap if that is wrong.
        // SAFETY: reads the descriptor's number.
        var entry = pollfd(fd: unsafe PQsocket(connection), events: Int16(POLLIN), revents: 0)
        // SAFETY: one entry, a local of the type that poll takes.
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Ends a transaction that was left open, if that is possible soon.
    func rollBack() {
        // SAFETY: reads the connection's state.
        let state = unsafe PQtransactionStatus(connection)
        guard !isLost, state == PQTRANS_INTRANS || state == PQTRANS_INERROR else { return }
        // The connection is given up if this fails, and the server rolls back by itself.
        do throws(LedgerError) { try run("ROLLBACK", by: clock.now + grace) } catch { isLost = true }
    }

    /// So long from now.
    func deadline(in limit: Duration) -> ContinuousClock.Instant { clock.now + limit }

    // MARK: Statements

    /// Runs statements without values.
    ///
    /// - Throws: `unavailable` or `rejected`.
    func run(_ sql: String, by deadline: ContinuousClock.Instant) throws(LedgerError) {
        // SAFETY: libpq copies the text before it returns.
        guard unsafe PQsendQuery(connection, sql) == 1 else { throw lost() }
        _ = try finish(by: deadline)
    }

    /// Runs a prepared statement; rows come in binary form.
    ///
    /// - Throws: `unavailable` or `rejected`.
    @discardableResult
    func run(
        _ statement: PostgresStatement,
        _ values: [PostgresParameter] = [],
        by deadline: ContinuousClock.Instant
    ) throws(LedgerError) -> PostgresResult {
        if !prepared.contains(statement.name) {
            // SAFETY: libpq copies the texts before it returns.
            guard unsafe PQsendPrepare(connection, statement.name, statement.sql, 0, nil) == 1 else { throw lost() }
            _ = try finish(by: deadline)
            prepared.insert(statement.name)
        }
        var table = CStringTable()
        for value in values { table.append(value.bytes) }
        let lengths = table.lengths
        let formats = values.map { Int32($0.isBinary ? 1 : 0) }
        // SAFETY: libpq copies the values before it returns; the three arrays have as many elements as is said.
        let isSent = unsafe table.withPointers { pointers in
            unsafe PQsendQueryPrepared(connection, statement.name, Int32(values.count), pointers, lengths, formats, 1)
        }
        guard isSent == 1 else { throw lost() }
        return try finish(by: deadline)
    }

    /// Waits for the answer to what was sent.
    private func finish(by deadline: ContinuousClock.Instant) throws(LedgerError) -> PostgresResult {
        guard let result = try answer(until: deadline) else {
            cancel()
            // What comes now is the answer to the cancelling, or the statement's own that was just faster.
            if try answer(until: clock.now + grace) == nil { isLost = true }
            throw .unavailable(DatabaseFault(message: "\(address) did not answer in time"))
        }
        if result.isGood { return result }
        // SAFETY: reads the connection's state.
        guard let state = result.state, unsafe PQstatus(connection) == CONNECTION_OK || state.hasPrefix("57P") else {
            throw lost()
        }
        throw PostgresFailure.error(state: state, message: address.masked(result.message))
    }

    /// The answer to all that was sent: the first failure, or else the last result; `nil` when it is late.
    private func answer(until deadline: ContinuousClock.Instant) throws(LedgerError) -> PostgresResult? {
        while true {
            // SAFETY: the connection is this object's.
            let pending = unsafe PQflush(connection)
            if pending == 0 { break }
            guard pending > 0 else { throw lost() }
            guard wait(for: POLLIN | POLLOUT, until: deadline) else { return nil }
            // The server may have to get rid of something before it reads on.
            // SAFETY: as above.
            guard unsafe PQconsumeInput(connection) == 1 else { throw lost() }
        }
        var answer: PostgresResult?
        while true {
            // SAFETY: as above.
            while unsafe PQisBusy(connection) == 1 {
                guard wait(for: POLLIN, until: deadline) else { return nil }
                // SAFETY: as above.
                guard unsafe PQconsumeInput(connection) == 1 else { throw lost() }
            }
            // SAFETY: the result is the object's that is made of it.
            guard let next = unsafe PQgetResult(connection) else {
                guard let answer else { throw lost() }
                return answer
            }
            // SAFETY: as above.
            let result = unsafe PostgresResult(next)
            if answer?.isGood ?? true { answer = result }
        }
    }

    /// Asks the server to end the statement; blocks for as long as a connection takes to come about.
    private func cancel() {
        // SAFETY: libpq fills the object from the connection; it is freed here.
        guard let request = unsafe PQgetCancel(connection) else { return }
        // SAFETY: as above.
        defer { unsafe PQfreeCancel(request) }
        var text = [CChar](repeating: 0, count: 256)
        let count = Int32(text.count)
        // Not being able to cancel shows in the statement's not ending.
        // SAFETY: libpq writes at most as many bytes as is said.
        _ = unsafe PQcancel(request, &text, count)
    }

    // MARK: Failures

    private func lost() -> LedgerError {
        isLost = true
        // SAFETY: the text is the connection's and is copied at once.
        let text = unsafe String(cString: PQerrorMessage(connection))
        let line = text.split(separator: "\n").first.map(String.init) ?? "the connection ended"
        return .unavailable(DatabaseFault(message: "\(address): \(address.masked(line))"))
    }

    /// Whether the socket became ready before the deadline.
    private func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let rest = clock.now.duration(to: deadline)
            guard rest > .zero else { return false }
            let milliseconds = min(rest / .milliseconds(1) + 1, 60_000)
            // SAFETY: reads the descriptor's number.
            var entry = pollfd(fd: unsafe PQsocket(connection), events: Int16(events), revents: 0)
            // SAFETY: one entry, a local of the type that poll takes.
            let count = unsafe poll(&entry, 1, Int32(milliseconds))
            // Errors show when libpq uses the socket.
            if count > 0 || (count < 0 && errno != EINTR) { return true }
        }
    }
}

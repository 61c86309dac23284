import FoundationEssentials
import GRDB
import NIOPosix
import Synchronization

/// The service database in one file, for one machine: SQLite with a write-ahead log.
///
/// Every commit is on the disk before it is acknowledged (`synchronous=FULL`). There is one writer at a time, also
/// among processes; readers see the last commit and wait for nobody. All work is done on the database's own threads.
final class SQLiteServiceDatabase: ServiceDatabase {
    /// Calls that wait at most.
    static let waitingMax = 256

    let pool: DatabasePool
    let stage: (@Sendable (LedgerStage) -> Void)?
    private let waiting = Mutex(0)

    /// Opens the file, or makes it, readable for its owner only.
    ///
    /// - Throws: `unavailable` or `rejected`.
    static func open(
        path: String,
        readers: Int,
        stage: (@Sendable (LedgerStage) -> Void)?
    ) async throws(LedgerError) -> SQLiteServiceDatabase {
        let outcome: Result<SQLiteServiceDatabase, LedgerError>
        do {
            outcome = try await NIOThreadPool.singleton.runIfActive {
                Result { () throws(LedgerError) in
                    try SQLiteServiceDatabase(path: path, readers: readers, stage: stage)
                }
            }
        } catch {
            throw .closed
        }
        return try outcome.get()
    }

    private init(path: String, readers: Int, stage: (@Sendable (LedgerStage) -> Void)?) throws(LedgerError) {
        self.stage = stage
        do {
            try Self.makeFile(path)
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.maximumReaderCount = max(1, readers)
            configuration.label = "vitrine.ledger"
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA mmap_size = 268435456") }
            pool = try DatabasePool(path: path, configuration: configuration)
            // The pool has set NORMAL, with which a loss of power forgets the last commits.
            try pool.writeWithoutTransaction { database in
                try database.execute(
                    sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536"
                )
            }
        } catch {
            throw Self.converted(error)
        }
    }

    /// What creators earn is not for everybody on the machine; the log files take over the file's mode.
    private static func makeFile(_ path: String) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: path) else { return }
        if let cut = path.lastIndex(of: "/"), cut != path.startIndex {
            try files.createDirectory(
                atPath: String(path[..<cut]),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw LedgerError.unavailable(DatabaseFault(message: "\(path) cannot be made"))
        }
    }

    func migrate() async throws(LedgerError) -> Int {
        try await write { try SQLiteSchema.migrate($0) }
    }

    func close() async {
        let pool = pool
        // Nobody waits for an answer; what cannot be closed is closed by the end of the process.
        _ = try? await NIOThreadPool.singleton.runIfActive { try pool.close() }
    }

    // MARK: Running work

    /// Runs work on the one writer, outside a transaction.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        try enter()
        defer { leave() }
        do {
            return try await pool.writeWithoutTransaction(work)
        } catch {
            throw Self.converted(error)
        }
    }

    /// Runs work on a reader, all of it on one snapshot.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(LedgerError) -> Value {
        try enter()
        defer { leave() }
        do {
            return try await pool.read(work)
        } catch {
            throw Self.converted(error)
        }
    }

    private func enter() throws(LedgerError) {
        let isFull = waiting.withLock { count in
            guard count < Self.waitingMax else { return true }
            count += 1
            return false
        }
        if isFull { throw .crowded }
    }

    private func leave() { waiting.withLock { $0 -= 1 } }

    /// What SQLite's result codes are to a caller (sqlite.org/rescode.html).
    static func converted(_ error: any Error) -> LedgerError {
        if let own = error as? LedgerError { return own }
        if error is CancellationError { return .cancelled }
        guard let failure = error as? DatabaseError else {
            return .unavailable(DatabaseFault(message: "\(error)"))
        }
        let fault = DatabaseFault(
            code: String(failure.extendedResultCode.rawValue),
            message: failure.message ?? "SQLite failed"
        )
        switch failure.resultCode {
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: return .cancelled
        case .SQLITE_MISUSE: return .closed
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_NOMEM,
            .SQLITE_READONLY, .SQLITE_PROTOCOL:
            return .unavailable(fault)
        default: return .rejected(fault)
        }
    }
}

import Edge
import HTTPSemantics
import HTTPTypes
import Ledger
import Logging
import Metering
import Origin
import ServiceLifecycle
import Wire

/// The service database's parts, wired by hand: the warehouse's exports into it, questions about creators out of it.
struct LedgerNode: Sendable {
    let unload: UnloadService
    let routes: UsageRoutes
    private let database: any ServiceDatabase

    /// - Throws: `CommandFailure` with the remedy when the database's file cannot be used.
    init(
        _ location: ServiceDatabaseLocation,
        exports: String,
        settings: UnloadSettings,
        refusing: @escaping @Sendable (HTTPRequest) -> ProblemDocument?,
        _ logger: Logger
    ) async throws {
        do throws(LedgerError) {
            database = try await location.open()
        } catch {
            throw Self.failure(location, error)
        }
        do throws(LedgerError) {
            _ = try await database.migrate()
        } catch {
            guard case .postgres = location else {
                await database.close()
                throw Self.failure(location, error)
            }
            // It is tried again until the server is there.
            logger.warning("the service database is away", metadata: ["reason": "\(error)"])
        }
        unload = UnloadService(
            database: database,
            folder: ExportFolder(path: exports),
            settings: settings,
            random: { Double.random(in: 0..<1) }
        )
        routes = UsageRoutes(database: database, refusing: refusing)
    }

    private static func failure(_ location: ServiceDatabaseLocation, _ error: LedgerError) -> CommandFailure {
        CommandFailure(message: "\(location): \(error); choose another with --service-database")
    }

    /// Before the listeners, so that they stop after them.
    var services: [ServiceGroupConfiguration.ServiceConfiguration] {
        [.init(service: LedgerCleanUp(database: database)), .init(service: unload)]
    }

    /// Answers a question about usage; `nil` for other requests.
    func answer(_ exchange: Exchange) async -> OwnAnswer? {
        guard let answer = await routes.answer(exchange) else { return nil }
        return OwnAnswer(head: answer.head, body: answer.body)
    }

    /// What it does, as JSON for `/ready`.
    var stateText: String {
        let now = unload.statistics
        let state = now.lastError == nil ? "current" : "failing"
        return "{\"state\":\"\(state)\",\"backlogRows\":\(now.backlogRows),\"exportsWaiting\":\(now.exportsWaiting),"
            + "\"export\":\(now.exportApplied)}"
    }
}

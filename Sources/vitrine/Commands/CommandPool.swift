import Logging
import Rendering
import ServiceLifecycle

/// A render pool for the length of one command.
enum CommandPool {
    /// Starts workers, runs the body and ends the workers, whatever the body does.
    static func withPool<Value: Sendable>(
        _ configuration: RenderPoolConfiguration,
        logLevel: Logger.Level = .warning,
        _ body: @escaping @Sendable (RenderPool) async throws -> Value
    ) async throws -> Value {
        var logger = Logger(label: "vitrine.render")
        logger.logLevel = logLevel
        let pool = try RenderPool(configuration: configuration, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: pool)], logger: logger)
        )
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(pool))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}

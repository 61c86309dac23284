import DeliveryTypes
import Glibc
import Logging
import Rendering

/// A pool of `FaultyWorker` processes for one test; all of them are gone when the test's closure has returned.
enum FaultyPool {
    @discardableResult
    static func run<Value>(
        _ configuration: RenderPoolConfiguration = FaultyPool.configuration(workers: 1),
        logger: Logger = quiet,
        _ body: (RenderPool) async throws -> Value
    ) async throws -> Value {
        let pool = try RenderPool(configuration: configuration, logger: logger)
        do {
            let value = try await body(pool)
            await pool.shutDown(within: .zero)
            return value
        } catch {
            await pool.shutDown(within: .zero)
            throw error
        }
    }

    static func configuration(
        workers: Int,
        _ adjust: (inout RenderPoolConfiguration) -> Void = { _ in }
    ) -> RenderPoolConfiguration {
        var configuration = RenderPoolConfiguration()
        configuration.command.executable = executable
        configuration.command.arguments = ["render-worker"]
        configuration.workerCount = workers
        configuration.waitLimit = .seconds(60)
        configuration.sandbox.memoryMax = 256 << 20
        adjust(&configuration)
        return configuration
    }

    static let quiet = Logger(label: "pool") { _ in SwiftLogNoOpLogHandler() }

    /// Beside the test's own executable.
    static var executable: String {
        var path = [CChar](repeating: 0, count: 4_096)
        // SAFETY: the array holds as many bytes as are announced.
        let count = unsafe readlink("/proc/self/exe", &path, path.count)
        precondition(count > 0, "/proc is needed")
        let own = String(decoding: path[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/FaultyWorker"
    }
}

extension RenderPool {
    /// Does a job that has the worker misbehave in some way, or not.
    func ask(
        _ wish: String,
        sources: [SharedBytes] = [],
        tenant: TenantID = .shared,
        deadline: Duration? = nil
    ) async throws(RenderingError) -> RenderResult {
        var transformation = Transformation()
        transformation.cacheBuster = wish
        let job = RenderJob(task: .rendition(transformation, .format(.png)))
        return try await run(job, sources: sources, tenant: tenant, deadline: deadline)
    }

    /// The result's bytes as text.
    func text(_ wish: String) async throws(RenderingError) -> String {
        String(decoding: try await ask(wish).bytes, as: UTF8.self)
    }
}

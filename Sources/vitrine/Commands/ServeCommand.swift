import ArgumentParser
import FoundationEssentials
import Logging
import Telemetry

/// `vitrine serve`: runs the roles until SIGTERM or SIGINT.
struct ServeCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server: all roles, or those named by --roles."
    )
    static let usage = "serve [settings]"

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        guard flags.operands.isEmpty else {
            throw CommandFailure(
                message: "serve takes no operands: \(flags.operands.joined(separator: " "))",
                exitCode: 64
            )
        }
        let configuration = try ServeConfiguration(parameters)
        let registry = PrometheusRegistry(descriptions: MetricTable.descriptions)
        TelemetryBootstrap.install(
            logFormat: configuration.logFormat,
            level: configuration.logLevel,
            registry: registry
        )
        let assembly = ServerAssembly(
            configuration: configuration,
            registry: registry,
            logger: Logger(label: "vitrine")
        )
        do {
            try await assembly.run()
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw CommandFailure(message: "the server cannot run: \(error)")
        }
    }
}

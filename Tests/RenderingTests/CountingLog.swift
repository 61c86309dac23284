import Logging
import Synchronization

/// Counts what is logged.
final class CountingLog: Sendable {
    private let lines = Mutex(0)

    var count: Int { lines.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "counted") { [self] _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: CountingLog
        var logLevel = Logger.Level.trace
        var metadata = Logger.Metadata()

        init(log: CountingLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { log.lines.withLock { $0 += 1 } }
    }
}

package import Logging

/// Writes each event as one readable line for a person: time, level, logger, message, then `key=value` in the order of
/// the keys.
///
/// Escaped and bounded like the JSON form, so nothing that is logged can break the line or drive the terminal.
package struct TextLogHandler: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let output: LogOutput
    private let clock: WallClock
    private let limits: LogLimits

    package init(
        label: String,
        output: LogOutput = .standardError,
        clock: WallClock = .system,
        limits: LogLimits = LogLimits()
    ) {
        self.label = label
        self.output = output
        self.clock = clock
        self.limits = limits
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        output.emit(line(for: event))
    }

    /// The line of an event, newline included.
    package func line(for event: LogEvent) -> [UInt8] {
        let fields = LogFields(handler: metadata, provider: metadataProvider, event: event.metadata)
        var line = LogLine(limits: limits, reserve: Self.ending.utf8CodeUnitCount)
        line.append(RFC3339Timestamp(nanosecondsSince1970: clock.nanosecondsSince1970()).bytes)
        line.append(raw: " ")
        line.append(raw: Self.padded(event.level))
        line.append(raw: " ")
        var cut = false
        add(to: &line, &cut) { line in
            line.append(escaping: label, quotesToo: false)
            line.append(raw: ": ")
        }
        add(to: &line, &cut) { $0.append(escaping: event.message.description, quotesToo: false) }
        if let error = event.error {
            add(to: &line, &cut) { line in
                line.append(raw: " error=")
                line.append(string: String(describing: error))
            }
        }
        for (key, value) in fields.merged.sorted(by: { $0.key < $1.key }) {
            add(to: &line, &cut) { line in
                line.append(raw: " ")
                line.append(escaping: key, quotesToo: false)
                line.append(raw: "=")
                Self.append(value, to: &line)
            }
        }
        if cut { line.append(raw: Self.ending) } else { line.append(raw: "\n") }
        return line.bytes
    }

    private static let ending: StaticString = " …\n"

    /// Runs `write` and takes its text back when it does not fit.
    private func add(to line: inout LogLine, _ cut: inout Bool, _ write: (inout LogLine) -> Void) {
        let mark = line.mark
        write(&line)
        guard line.isOverfull else { return }
        line.goBack(to: mark)
        cut = true
    }

    /// A plain word stays as it is; everything else is written as JSON.
    private static func append(_ value: Logger.MetadataValue, to line: inout LogLine) {
        switch value {
        case .string(let text) where isWord(text): line.append(escaping: text, quotesToo: false)
        case .stringConvertible(let other) where isWord(other.description):
            line.append(escaping: other.description, quotesToo: false)
        default: line.append(json: value)
        }
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
    }

    /// The level in eight columns.
    private static func padded(_ level: Logger.Level) -> StaticString {
        switch level {
        case .trace: "trace   "
        case .debug: "debug   "
        case .info: "info    "
        case .notice: "notice  "
        case .warning: "warning "
        case .error: "error   "
        case .critical: "critical"
        }
    }
}

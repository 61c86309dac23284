package import Logging

/// Writes each event as one line of JSON; `docs/formats/log-line.md` describes the members.
///
/// A line is never longer than `limits.lineBytesMax`: metadata that does not fit is left out, entry by entry in the
/// order of the keys, and the line then ends with `"truncated":true`.
package struct JSONLogHandler: LogHandler {
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
        var fields = LogFields(handler: metadata, provider: metadataProvider, event: event.metadata)
        var line = LogLine(limits: limits, reserve: Self.ending.utf8CodeUnitCount)
        line.append(raw: "{\"ts\":\"")
        line.append(RFC3339Timestamp(nanosecondsSince1970: clock.nanosecondsSince1970()).bytes)
        line.append(raw: "\",\"level\":")
        line.append(string: event.level.rawValue)
        var cut = false
        add("logger", label, to: &line, &cut)
        add("msg", event.message.description, to: &line, &cut)
        add("trace_id", fields.take("trace_id"), to: &line, &cut)
        add("span_id", fields.take("span_id"), to: &line, &cut)
        add("error", event.error.map { String(describing: $0) }, to: &line, &cut)
        add("source", event.source, to: &line, &cut)
        add(fields.merged, to: &line, &cut)
        if cut { line.append(raw: Self.ending) } else { line.append(raw: "}\n") }
        return line.bytes
    }

    /// What closes a line that lost something; the longest ending there is.
    private static let ending: StaticString = ",\"truncated\":true}\n"

    /// Adds one member; takes it back when it does not fit.
    private func add(_ name: StaticString, _ value: String?, to line: inout LogLine, _ cut: inout Bool) {
        guard let value else { return }
        let mark = line.mark
        line.append(raw: ",\"")
        line.append(raw: name)
        line.append(raw: "\":")
        line.append(string: value)
        guard line.isOverfull else { return }
        line.goBack(to: mark)
        cut = true
    }

    /// Adds the metadata object with as many entries as fit.
    private func add(_ metadata: Logger.Metadata, to line: inout LogLine, _ cut: inout Bool) {
        guard !metadata.isEmpty else { return }
        let start = line.mark
        line.append(raw: ",\"metadata\":{")
        var isFirst = true
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let mark = line.mark
            if !isFirst { line.append(raw: ",") }
            line.append(string: key)
            line.append(raw: ":")
            line.append(json: value)
            line.append(raw: "}")
            if line.isOverfull {
                line.goBack(to: mark)
                cut = true
            } else {
                line.goBack(to: line.mark - 1)
                isFirst = false
            }
        }
        if isFirst { line.goBack(to: start) } else { line.append(raw: "}") }
    }
}

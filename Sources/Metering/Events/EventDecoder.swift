import NIOCore

/// Events out of bodies, and the lines that are kept of them: the one place where an event's JSON is parsed.
///
/// **Promises.** What it accepts is exactly what the published schema and `docs/formats/usage-event.md` say; every
/// other event is refused with its reason, whatever stands beside it. **Costs** one pass over the bytes and two
/// SHA-256, some microseconds an event: not for an event loop. **Fails** only for what cannot be told apart into
/// events: a body that is not JSON as a whole, or has more events than may come at once.
package struct EventDecoder: Sendable {
    package let limits: EventLimits

    package init(limits: EventLimits = EventLimits()) { self.limits = limits }

    /// The events of a decompressed body.
    ///
    /// - Parameters:
    ///   - body: One event, an array of them, or lines, as `form` says.
    ///   - form: Anything but `binary`; `BinaryEvent` makes a structured event of that.
    ///   - received: When the body arrived, in microseconds since 1970: the same for all its events.
    ///   - keepsAll: Whether the verdicts of accepted events are told, too.
    /// - Returns: The lines of the valid events, and why the others are refused.
    /// - Throws: `malformed` or `tooManyEvents`; then nothing of the body is to be kept.
    package func decode(
        _ body: [UInt8],
        as form: EventForm,
        received: Int64,
        keepsAll: Bool = false
    ) throws(IntakeProblem) -> EventBatch {
        var pass = Pass(reader: EventReader(body, limits: limits), received: received, keepsAll: keepsAll)
        pass.lines.reserveCapacity(body.count)
        do throws(EventReader.Broken) {
            switch form {
            case .structured, .binary: try pass.readOne(body.span)
            case .batch: try pass.readArray(body.span)
            case .lines: pass.readLines(body.span)
            }
        } catch {
            throw .malformed(Self.place(of: error.offset, in: body))
        }
        if pass.hasTooMany { throw .tooManyEvents(limit: limits.events) }
        pass.batch.lines = ByteBuffer(bytes: pass.lines)
        return pass.batch
    }

    /// "line 3, byte 17", both from 1.
    private static func place(of offset: Int, in body: [UInt8]) -> String {
        let before = body[..<min(offset, body.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let what = offset >= body.count ? "it ends too early" : "an unexpected byte"
        return "\(what), line \(line), byte \(before.count - start + 1)"
    }

    /// One body's way through the reader.
    private struct Pass {
        var reader: EventReader
        let received: Int64
        let keepsAll: Bool
        var lines: [UInt8] = []
        var batch = EventBatch()
        var index = 0
        var hasTooMany = false

        init(reader: EventReader, received: Int64, keepsAll: Bool) {
            self.reader = reader
            self.received = received
            self.keepsAll = keepsAll
        }

        mutating func readOne(_ bytes: Span<UInt8>) throws(EventReader.Broken) {
            reader.skipSpace(bytes)
            try reader.readEvent(bytes)
            try expectEnd(bytes)
            judge(bytes)
        }

        private mutating func expectEnd(_ bytes: Span<UInt8>) throws(EventReader.Broken) {
            reader.skipSpace(bytes)
            if reader.at < reader.end { throw EventReader.Broken(offset: reader.at) }
        }

        mutating func readArray(_ bytes: Span<UInt8>) throws(EventReader.Broken) {
            reader.skipSpace(bytes)
            guard reader.at < reader.end, bytes[reader.at] == UInt8(ascii: "[") else {
                throw EventReader.Broken(offset: reader.at)
            }
            reader.at += 1
            reader.skipSpace(bytes)
            if reader.at < reader.end, bytes[reader.at] == UInt8(ascii: "]") {
                reader.at += 1
                return try expectEnd(bytes)
            }
            while true {
                try reader.readEvent(bytes)
                judge(bytes)
                if hasTooMany { return }
                reader.skipSpace(bytes)
                guard reader.at < reader.end else { throw EventReader.Broken(offset: reader.at) }
                let next = bytes[reader.at]
                guard next == UInt8(ascii: ",") || next == UInt8(ascii: "]") else {
                    throw EventReader.Broken(offset: reader.at)
                }
                reader.at += 1
                if next == UInt8(ascii: "]") { return try expectEnd(bytes) }
                reader.skipSpace(bytes)
            }
        }

        mutating func readLines(_ bytes: Span<UInt8>) {
            var start = 0
            while start < bytes.count, !hasTooMany {
                let end = bytes.first(UInt8(ascii: "\n"), from: start)
                reader.at = start
                reader.end = end
                reader.skipSpace(bytes)
                if reader.at < end { readLine(bytes) }
                start = end + 1
            }
        }

        private mutating func readLine(_ bytes: Span<UInt8>) {
            let start = reader.at
            do throws(EventReader.Broken) {
                try reader.readEvent(bytes)
                try expectEnd(bytes)
            } catch {
                reader.fault = EventFault(
                    .json,
                    "The line is not a JSON object, at its byte \(min(error.offset, reader.end) - start + 1)."
                )
            }
            judge(bytes)
        }

        /// Keeps the line of the event that was read, or why it has none.
        private mutating func judge(_ bytes: Span<UInt8>) {
            guard index < reader.limits.events else {
                hasTooMany = true
                return
            }
            if reader.fault == nil, reader.project(bytes, received: received, into: &lines) {
                batch.accepted += 1
                if keepsAll {
                    batch.verdicts.append(EventVerdict(index: index, id: reader.shown(.id), fault: nil))
                }
            } else {
                batch.refused += 1
                batch.verdicts.append(EventVerdict(index: index, id: reader.shown(.id), fault: reader.fault))
            }
            index += 1
        }
    }
}

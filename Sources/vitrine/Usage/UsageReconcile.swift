import Edge
import JSON
import Telemetry
import Warehouse

/// Compares the access log's deliveries with those that the warehouse has counted, and leaves the outcome for the page.
struct UsageReconcile: Sendable {
    let desk: UsageDesk
    let from: String
    let to: String
    /// Files of the access log; `-` is standard input.
    let logs: [String]
    let isJSON: Bool

    /// - Throws: `CommandFailure` where something cannot be read, and with exit code 1 for a difference.
    func run() async throws {
        let logged = try await Self.read(logs)
        let counted = try await counted()
        let comparison = DeliveryReconciliation(days: from...to, logged: logged.sums, counted: counted)
        if isJSON { sayJSON(comparison, logged) } else { sayTable(comparison, logged) }
        await keep(comparison)
        guard comparison.isEqual, logged.unreadable == 0 else {
            var reasons = comparison.differences.prefix(10).map { row in
                "\(row.key.day) \(row.key.status): \(Self.difference(row))"
            }
            if comparison.differences.count > 10 { reasons.append("and \(comparison.differences.count - 10) more") }
            if logged.unreadable > 0 { reasons.append("\(logged.unreadable) lines of the log cannot be read") }
            throw CommandFailure(message: "log and count differ: " + reasons.joined(separator: "; "))
        }
    }

    /// Leaves the outcome for the page and the metrics.
    private func keep(_ comparison: DeliveryReconciliation) async {
        let now = RFC3339Timestamp(nanosecondsSince1970: WallClockTime.microseconds() * 1_000)
        let at = String(decoding: now.bytes, as: UTF8.self)
        let days = Dictionary(grouping: comparison.rows, by: \.key.day).sorted { $0.key < $1.key }.map { day, rows in
            ReconciledDay(
                day: day,
                log: rows.reduce(0) { $0 + $1.logged.requests },
                counted: rows.reduce(0) { $0 + $1.counted.requests },
                difference: rows.reduce(0) { $0 + abs($1.counted.requests - $1.logged.requests) },
                at: at
            )
        }
        do throws(WarehouseError) {
            try await ReconciledDay.keep(days, in: desk.folders.reconciliation)
        } catch {
            Terminal.complain("the page will not show it: \(error.reason)")
        }
    }

    @concurrent
    private static func read(_ logs: [String]) async throws -> AccessLogTally {
        var tally = AccessLogTally()
        for log in logs {
            try TraceFile.read(log) { tally.add($0) }
            tally.finish()
        }
        return tally
    }

    /// The warehouse's deliveries by day and status, of all nodes.
    private func counted() async throws -> [AccessLogTally.Key: AccessLogTally.Sum] {
        let arguments = ["--from", from, "--to", to, "--format", "json"]
        let answer = try await UsageQuestion(desk).answer("deliveries", arguments)
        let failure = CommandFailure(message: "the project's answer about deliveries cannot be read")
        guard let rows = try JSONParser().value(from: answer).array else { throw failure }
        var sums: [AccessLogTally.Key: AccessLogTally.Sum] = [:]
        for row in rows {
            guard let day = row["day"]?.string?.text, let requests = Self.number(row["requests"]),
                let bytes = Self.number(row["bytes"])
            else { throw failure }
            // An event that does not say its status is no row of this edge's log: it shows as a difference.
            let key = AccessLogTally.Key(day: day, status: Self.number(row["status"]) ?? 0)
            sums[key, default: AccessLogTally.Sum()] += AccessLogTally.Sum(requests: requests, bytes: bytes)
        }
        return sums
    }

    /// Exact whatever its size: by its digits, not as a double.
    private static func number(_ value: JSONValue?) -> Int? {
        guard case .number(let number) = value else { return nil }
        return Int(number.authored)
    }

    private static func difference(_ row: DeliveryReconciliation.Row) -> String {
        "\(signed(row.counted.requests - row.logged.requests)) requests, "
            + "\(signed(row.counted.bytes - row.logged.bytes)) bytes counted"
    }

    private static func signed(_ number: Int) -> String { number > 0 ? "+\(number)" : "\(number)" }

    // MARK: Telling

    private func sayTable(_ comparison: DeliveryReconciliation, _ log: AccessLogTally) {
        let names = ["day", "status", "logged", "counted", "difference"]
        let header = names + ["logged bytes", "counted bytes", "difference"]
        let rows = comparison.rows.map { row in
            [
                row.key.day, String(row.key.status), String(row.logged.requests), String(row.counted.requests),
                Self.signed(row.counted.requests - row.logged.requests), String(row.logged.bytes),
                String(row.counted.bytes), Self.signed(row.counted.bytes - row.logged.bytes),
            ]
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].utf8.count }.max() ?? 0 }
        for row in [header] + rows {
            let cells = zip(row, widths).map { String(repeating: " ", count: $1 - $0.utf8.count) + $0 }
            Terminal.say(cells.joined(separator: "  "))
        }
        Terminal.say(
            "\(log.lines) lines read; \(comparison.logged.requests) deliveries logged, "
                + "\(comparison.counted.requests) counted: "
                + (comparison.isEqual && log.unreadable == 0 ? "equal" : "different")
        )
    }

    private func sayJSON(_ comparison: DeliveryReconciliation, _ log: AccessLogTally) {
        func sum(_ sum: AccessLogTally.Sum) -> String { "{\"requests\":\(sum.requests),\"bytes\":\(sum.bytes)}" }
        let rows = comparison.rows.map { row in
            "{\"day\":\"\(row.key.day)\",\"status\":\(row.key.status),\"logged\":\(sum(row.logged)),"
                + "\"counted\":\(sum(row.counted)),\"equal\":\(row.isEqual)}"
        }
        Terminal.say(
            "{\"from\":\"\(from)\",\"to\":\"\(to)\",\"equal\":\(comparison.isEqual && log.unreadable == 0),"
                + "\"lines\":\(log.lines),\"unreadable\":\(log.unreadable),\"logged\":\(sum(comparison.logged)),"
                + "\"counted\":\(sum(comparison.counted)),\"rows\":[\(rows.joined(separator: ","))]}"
        )
    }
}

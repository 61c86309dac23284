import Ledger
import VitrineTesting

extension ServiceDatabaseConformance {
    private static func filled(_ harness: DatabaseHarness, _ database: any ServiceDatabase) async throws {
        var model = UsageModel()
        let days = ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"]
        try model.write(
            to: harness.writer,
            daily: days.flatMap { day in
                ["b", "a", "ä", "Z"].map {
                    DailyState(day: day, creator: "c", contentType: $0, uses: 1, amount: "0.000000001")
                }
            },
            payouts: ["2025-12", "2026-01", "2026-02", "2026-03"].map {
                PayoutState(period: $0, creator: "c", uses: 4, amount: "-12.30", status: "open")
            }
        )
        try await harness.drain(database)
    }

    private static func day(_ text: String) throws -> UsageDay {
        guard let day = UsageDay(text) else { throw ConformanceFailure("\(text) is no day") }
        return day
    }

    static let reading = [
        ServiceDatabaseConformance("the days asked for come, both ends included, with the payouts of their months") {
            harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let usage = try await database.creator(
                    "c",
                    from: try day("2026-02-01"),
                    to: try day("2026-03-01"),
                    rowsMax: 100
                )
                let rows = usage?.days.map { "\($0.day) \($0.contentType) \($0.uses) \($0.amount.text)" }
                let expected = ["2026-02-01", "2026-02-28", "2026-03-01"].flatMap { day in
                    ["Z", "a", "b", "ä"].map { "\(day) \($0) 1 0.000000001" }
                }
                try require(rows == expected, "\(String(describing: rows))")
                let payouts = usage?.payouts.map { "\($0.period) \($0.uses) \($0.amount.text) \($0.status)" }
                try require(
                    payouts == ["2026-02 4 -12.30 open", "2026-03 4 -12.30 open"],
                    "\(String(describing: payouts))"
                )
                try require(usage?.asOf == 1, "asOf \(String(describing: usage?.asOf))")
            }
        },
        ServiceDatabaseConformance("a creator without rows in those days is known all the same") { harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let usage = try await database.creator(
                    "c",
                    from: try day("2020-01-01"),
                    to: try day("2020-01-02"),
                    rowsMax: 100
                )
                let empty = CreatorUsage(creator: "c", days: [], payouts: [], asOf: 1)
                try require(usage == empty, "\(String(describing: usage))")
                for other in ["C", "c ", "", "c'", "%"] {
                    try require(try await all(other, in: database) == nil, "\"\(other)\" is another")
                }
            }
        },
        ServiceDatabaseConformance("more rows than the caller takes are refused") { harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let (from, to) = (try day("2026-01-01"), try day("2026-12-31"))
                let usage = try await database.creator("c", from: from, to: to, rowsMax: 16)
                try require(usage?.days.count == 16, "as many as it takes")
                let error = try await failure("too many") { () async throws(LedgerError) in
                    _ = try await database.creator("c", from: from, to: to, rowsMax: 15)
                }
                guard case .tooMany(15) = error else { throw ConformanceFailure("\(error)") }
            }
        },
        ServiceDatabaseConformance("a creator all of whose rows are taken back is unknown") { harness in
            var model = UsageModel()
            let row = DailyState(day: "2026-01-01", creator: "gone", contentType: "t", uses: 1, amount: "1")
            let payout = PayoutState(period: "2026-01", creator: "gone", uses: 1, amount: "1", status: "open")
            try model.write(to: harness.writer, daily: [row], payouts: [payout])
            try await harness.withDatabase { database in
                try await harness.drain(database)
                try require(try await all("gone", in: database)?.days.count == 1, "it was there")
                var (lost, unpaid) = (row, payout)
                lost.isDeleted = true
                unpaid.isDeleted = true
                try model.write(to: harness.writer, daily: [lost])
                try await harness.drain(database)
                try require(try await all("gone", in: database)?.payouts.count == 1, "its payout is still there")
                try model.write(to: harness.writer, daily: [], payouts: [unpaid])
                try await harness.drain(database)
                try require(try await all("gone", in: database) == nil, "it is still known")
                try model.write(to: harness.writer, daily: [row])
                try await harness.drain(database)
                try require(try await all("gone", in: database)?.days.count == 1, "it may come again")
            }
        },
    ]
}

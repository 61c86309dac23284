import Ledger
import VitrineTesting

extension ServiceDatabaseConformance {
    private static let paid: [(creator: String, amount: String)] = [
        ("ann", "10"), ("Bob", "9.50"), ("bo%b", "9.50"), ("e\u{301}", "9.5"), ("é", "9.5"), ("c_1", "0"),
        ("debt", "-3.20"), ("whale", "123456789012345.67"),
    ]

    private static func filled(_ harness: DatabaseHarness, _ database: any ServiceDatabase) async throws {
        var model = UsageModel()
        let gone = PayoutState(period: "2026-02", creator: "gone", uses: 1, amount: "99", status: "open")
        let lost = DailyState(day: "2026-02-02", creator: "gone", contentType: "a", uses: 1, amount: "1")
        try model.write(
            to: harness.writer,
            daily: [lost]
                + ["ann", "Bob", "é"].flatMap { creator in
                    ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"].flatMap { day in
                        ["a", "b"].map {
                            DailyState(day: day, creator: creator, contentType: $0, uses: 2, amount: "0.000000001")
                        }
                    }
                },
            payouts: [gone]
                + paid.map {
                    PayoutState(period: "2026-02", creator: $0.creator, uses: 7, amount: $0.amount, status: "open")
                }
                + ["2025-12", "2026-01"].map {
                    PayoutState(period: $0, creator: "old", uses: 1, amount: "1", status: "closed")
                }
        )
        try await harness.drain(database)
        var (unpaid, unused) = (gone, lost)
        unpaid.isDeleted = true
        unused.isDeleted = true
        try model.write(to: harness.writer, daily: [unused], payouts: [unpaid])
        try await harness.drain(database)
    }

    private static func day(_ text: String) throws -> UsageDay {
        guard let day = UsageDay(text) else { throw ConformanceFailure("\(text) is no day") }
        return day
    }

    /// All pages of `limit` creators, one after the other.
    private static func walk(
        _ question: CreatorsQuestion,
        by limit: Int,
        _ database: any ServiceDatabase
    ) async throws -> [String] {
        var question = question
        question.limit = limit
        var ids: [String] = []
        while true {
            let page = try await database.creators(question)
            try require(page.creators.count <= limit, "a page of \(page.creators.count)")
            ids += page.creators.map(\.creator)
            guard let next = page.next else { return ids }
            try require(page.creators.count == limit, "a page that is not the last is full")
            // As a client gives it back.
            question.after = CreatorsCursor(next.text)
        }
    }

    private static func requireSame(_ found: [String], _ expected: [String]) throws {
        try require(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) }, "\(found), not \(expected)")
    }

    static let creators = [
        ServiceDatabaseConformance("creators of the newest month come by amount, each once, in pages of any size") {
            harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let expected = ["whale", "ann", "Bob", "bo%b", "e\u{301}", "é", "c_1", "debt"]
                for limit in [1, 2, 3, 7, 8, 200] {
                    try requireSame(try await walk(CreatorsQuestion(), by: limit, database), expected)
                }
                let page = try await database.creators(CreatorsQuestion())
                try require(page.period == UsagePeriod("2026-02") && page.count == 8, "\(page)")
                try require(page.periods.map(\.description) == ["2026-02", "2026-01", "2025-12"], "\(page.periods)")
                try require(page.next == nil && page.asOf == 2, "\(page)")
                try require(page.creators[0].amount.text == "123456789012345.67", "\(page.creators[0])")
                try require(page.creators[7].amount.text == "-3.20" && page.creators[7].status == "open", "\(page)")
                let days = page.creators[1].days.map { "\($0.day) \($0.uses) \($0.amount.text)" }
                try require(days == ["2026-02-01 4 0.000000002", "2026-02-28 4 0.000000002"], "\(days)")
            }
        },
        ServiceDatabaseConformance("creators of another month come alone, and of an empty one none") { harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                for (month, creators) in [("2026-01", ["old"]), ("2026-03", [])] {
                    let page = try await database.creators(CreatorsQuestion(.period(UsagePeriod(month))))
                    try requireSame(page.creators.map(\.creator), creators)
                    try require(page.count == creators.count, "\(page)")
                }
            }
        },
        ServiceDatabaseConformance("creators come by the bytes of their ids") { harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let expected = paid.map(\.creator).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                for limit in [1, 3, 8] {
                    try requireSame(
                        try await walk(CreatorsQuestion(order: .id), by: limit, database),
                        expected
                    )
                }
            }
        },
        ServiceDatabaseConformance("a search is for a part of the id, in both cases of letters, and no pattern") {
            harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let found = [
                    ("bo", ["Bob", "bo%b"]), ("BO", ["Bob", "bo%b"]), ("%", ["bo%b"]), ("_", ["c_1"]), ("é", ["é"]),
                    ("e\u{301}", ["e\u{301}"]), ("gone", []), ("'", []), ("\\", []),
                ]
                for (search, expected) in found {
                    for order in CreatorsQuestion.Order.allCases {
                        let question = CreatorsQuestion(order: order, search: search)
                        for limit in [1, 9] { try requireSame(try await walk(question, by: limit, database), expected) }
                    }
                }
            }
        },
        ServiceDatabaseConformance("creators of some days come with the sums of these days") { harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let span = CreatorsQuestion.Span.days(from: try day("2026-01-31"), to: try day("2026-02-27"))
                for limit in [1, 2, 5] {
                    try requireSame(try await walk(CreatorsQuestion(span), by: limit, database), ["Bob", "ann", "é"])
                }
                let page = try await database.creators(CreatorsQuestion(span, search: "BOB"))
                let bob = page.creators.first
                try require(bob?.uses == 8 && bob?.amount.text == "0.000000004" && bob?.status == nil, "\(page)")
                try require(bob?.days.map(\.day.description) == ["2026-01-31", "2026-02-01"], "\(page)")
                try require(page.count == nil && page.period == nil, "\(page)")
                let never = CreatorsQuestion.Span.days(from: try day("2020-01-01"), to: try day("2020-12-31"))
                try require(try await database.creators(CreatorsQuestion(never)).creators.isEmpty, "in 2020")
            }
        },
        ServiceDatabaseConformance("a list with more days than the caller takes is refused") { harness in
            try await harness.withDatabase { database in
                try await filled(harness, database)
                let fitting = try await database.creators(CreatorsQuestion(rowsMax: 12))
                try require(fitting.creators.count == 8, "\(fitting)")
                let error = try await failure("too many") { () async throws(LedgerError) in
                    _ = try await database.creators(CreatorsQuestion(rowsMax: 11))
                }
                guard case .tooMany(11) = error else { throw ConformanceFailure("\(error)") }
            }
        },
        ServiceDatabaseConformance("an empty database has no creators and no months") { harness in
            try await harness.withDatabase { database in
                for order in CreatorsQuestion.Order.allCases {
                    let page = try await database.creators(CreatorsQuestion(order: order))
                    try require(page.creators.isEmpty && page.periods.isEmpty && page.period == nil, "\(page)")
                    try require(page.count == nil && page.from == nil && page.asOf == 0, "\(page)")
                }
            }
        },
    ]
}

import Ledger
import VitrineTesting

/// What the tables must hold after some exports, in plain dictionaries; and the random exports themselves.
struct UsageModel {
    struct DailyKey: Hashable {
        var day: String
        var creator: [UInt8]
        var contentType: [UInt8]
    }

    struct PayoutKey: Hashable {
        var period: String
        var creator: [UInt8]
    }

    private(set) var daily: [DailyKey: DailyState] = [:]
    private(set) var payouts: [PayoutKey: PayoutState] = [:]
    private(set) var exports: Int64 = 0

    /// Names with everything that quoting may get wrong; two of them are canonically equivalent.
    static let creators =
        ["c\"1", "c,2", "c\\3", "{4}", "NULL", "é", "e\u{301}", "日本", "🙂", " 10 ", "'11", "\\N"]
        + (12..<30).map { "creator-\($0)" }
    static let contentTypes = ["audio", "photo", "template", "vidéo, \"long\""]
    static let days = (1...28).map { "2026-0\(1 + $0 % 3)-\($0 < 10 ? "0" : "")\($0)" }

    /// Writes the next export, of random changes, and takes note of it.
    mutating func writeNext(
        to writer: ExportWriter,
        rows: Int,
        using random: inout SeededGenerator
    ) throws {
        var changed: [DailyKey: DailyState] = [:]
        for _ in 0..<rows {
            let creator = Self.creators[Int.random(in: 0..<Self.creators.count, using: &random)]
            let type = Self.contentTypes[Int.random(in: 0..<Self.contentTypes.count, using: &random)]
            let day = Self.days[Int.random(in: 0..<Self.days.count, using: &random)]
            let key = DailyKey(day: day, creator: Array(creator.utf8), contentType: Array(type.utf8))
            changed[key] = DailyState(
                day: day,
                creator: creator,
                contentType: type,
                uses: Int64.random(in: 0...Int64.max, using: &random),
                amount: Self.amount(&random),
                isDeleted: Int.random(in: 0..<10, using: &random) == 0
            )
        }
        var paid: [PayoutKey: PayoutState] = [:]
        for _ in 0..<max(1, rows / 4) {
            let creator = Self.creators[Int.random(in: 0..<Self.creators.count, using: &random)]
            let period = "2026-0\(Int.random(in: 1...3, using: &random))"
            paid[PayoutKey(period: period, creator: Array(creator.utf8))] = PayoutState(
                period: period,
                creator: creator,
                uses: Int64.random(in: 0...1_000, using: &random),
                amount: Self.amount(&random),
                status: Bool.random(using: &random) ? "open" : "closed",
                isDeleted: Int.random(in: 0..<10, using: &random) == 0
            )
        }
        try write(to: writer, daily: Array(changed.values), payouts: Array(paid.values))
    }

    /// Writes the next export and takes note of it.
    mutating func write(to writer: ExportWriter, daily: [DailyState], payouts: [PayoutState] = []) throws {
        let daily = daily.sorted { left, right in
            Self.precedes([left.day, left.creator, left.contentType], [right.day, right.creator, right.contentType])
        }
        let payouts = payouts.sorted { left, right in
            Self.precedes([left.period, left.creator], [right.period, right.creator])
        }
        exports += 1
        try writer.write(exports, daily: daily, payouts: payouts)
        for row in daily {
            let key = DailyKey(day: row.day, creator: Array(row.creator.utf8), contentType: Array(row.contentType.utf8))
            self.daily[key] = row.isDeleted ? nil : row
        }
        for row in payouts {
            let key = PayoutKey(period: row.period, creator: Array(row.creator.utf8))
            self.payouts[key] = row.isDeleted ? nil : row
        }
    }

    /// What the database must say of a creator.
    func usage(of creator: String) throws -> CreatorUsage? {
        let bytes = Array(creator.utf8)
        let rows = daily.filter { $0.key.creator == bytes }.map(\.value)
        let paid = payouts.filter { $0.key.creator == bytes }.map(\.value)
        if rows.isEmpty, paid.isEmpty { return nil }
        return CreatorUsage(
            creator: creator,
            days: try rows.sorted { Self.precedes([$0.day, $0.contentType], [$1.day, $1.contentType]) }.map { row in
                CreatorUsage.Day(
                    day: try require(UsageDay(row.day)),
                    contentType: row.contentType,
                    uses: row.uses,
                    amount: try require(ExactAmount(row.amount))
                )
            },
            payouts: try paid.sorted { $0.period < $1.period }.map { row in
                CreatorUsage.Payout(
                    period: try require(UsagePeriod(row.period)),
                    uses: row.uses,
                    amount: try require(ExactAmount(row.amount)),
                    status: row.status
                )
            },
            asOf: exports
        )
    }

    private static func amount(_ random: inout SeededGenerator) -> String {
        let whole = Int.random(in: -999_999_999...999_999_999, using: &random)
        let places = Int.random(in: 0...9, using: &random)
        if places == 0 { return String(whole) }
        return "\(whole)." + (0..<places).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    }

    private static func precedes(_ left: [String], _ right: [String]) -> Bool {
        for (left, right) in zip(left, right) where !left.utf8.elementsEqual(right.utf8) {
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return false
    }

    private func require<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw ConformanceFailure("a value of the model is none") }
        return value
    }
}

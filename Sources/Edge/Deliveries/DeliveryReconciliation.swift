/// What was counted beside what the access log says, by day and status; equal to the last request, or a difference.
package struct DeliveryReconciliation: Sendable {
    package typealias Key = AccessLogTally.Key
    package typealias Sum = AccessLogTally.Sum

    /// One day and status, on both sides.
    package struct Row: Hashable, Sendable {
        package var key: Key
        package var logged: Sum
        package var counted: Sum

        package var isEqual: Bool { logged == counted }
    }

    /// By day, then status.
    package let rows: [Row]

    /// - Parameters:
    ///   - days: the first and the last that are compared, `2026-11-21`; what either side has of others is left out.
    ///   - logged: the access log's lines of pictures.
    ///   - counted: the warehouse's deliveries.
    package init(days: ClosedRange<String>, logged: [Key: Sum], counted: [Key: Sum]) {
        rows = Set(logged.keys).union(counted.keys).filter { days.contains($0.day) }.sorted().map { key in
            Row(key: key, logged: logged[key] ?? Sum(), counted: counted[key] ?? Sum())
        }
    }

    package var differences: [Row] { rows.filter { !$0.isEqual } }

    package var isEqual: Bool { rows.allSatisfy(\.isEqual) }

    /// Of all rows.
    package var logged: Sum { rows.reduce(into: Sum()) { $0 += $1.logged } }
    package var counted: Sum { rows.reduce(into: Sum()) { $0 += $1.counted } }
}

import Synchronization

/// Counts what the edge delivers: every picture that was answered, where its line of the access log is made.
///
/// **Promises.** The sums of what is taken are those of the access log's lines, by day and status, to the last request
/// and byte. **Costs** one uncontended lock and one look-up per picture, and no allocation once a row is there; at most
/// `rowsPerTableMax` × 2 rows for each event loop and for the ordinary path. **Fails** by giving up contents' names,
/// counted, when nobody takes the rows.
package final class DeliveryCounter: Sendable {
    /// What happened so far.
    package struct Figures: Hashable, Sendable {
        /// Requests counted.
        package var requests = 0
        /// Of these, those whose content's name was given up because nobody took the rows.
        package var unnamed = 0
        /// Rows that wait to be taken.
        package var waitingRows = 0
    }

    /// One row.
    package typealias Row = (key: DeliveryTally.Key, sum: DeliveryTally.Sum)

    private let rowsPerTableMax: Int
    private let tables: Mutex<[DeliveryTable]>
    private let ordinary: DeliveryTable
    private let alarm: Alarm

    /// Whom to tell of a full table.
    private final class Alarm: Sendable {
        let call: Mutex<(@Sendable () -> Void)?> = Mutex(nil)

        func raise() { call.withLock { $0 }?() }
    }

    package init(rowsPerTableMax: Int = 5_000) {
        let alarm = Alarm()
        self.alarm = alarm
        self.rowsPerTableMax = rowsPerTableMax
        ordinary = DeliveryTable(rowsMax: rowsPerTableMax) { alarm.raise() }
        tables = Mutex([ordinary])
    }

    /// `call` is called when rows should be taken before the window's end; on an event loop, so it must not block.
    package func whenFull(_ call: @escaping @Sendable () -> Void) { alarm.call.withLock { $0 = call } }

    /// A table for one event loop.
    func makeTable() -> DeliveryTable {
        let table = DeliveryTable(rowsMax: rowsPerTableMax) { [alarm] in alarm.raise() }
        tables.withLock { $0.append(table) }
        return table
    }

    /// Counts an answer of the ordinary path.
    func count(_ content: DeliveredContent, status: Int, bytes: Int, isRelayed: Bool, at milliseconds: Int64) {
        ordinary.count(content, status: status, bytes: bytes, isRelayed: isRelayed, at: milliseconds)
    }

    /// Everything counted since the last time: one row for each key, by day, content and status.
    package func take() -> [Row] {
        var sums: [DeliveryTally.Key: DeliveryTally.Sum] = [:]
        for table in tables.withLock({ $0 }) {
            let taken = table.take()
            if sums.isEmpty { sums = taken } else { for (key, sum) in taken { sums[key, default: .init()].add(sum) } }
        }
        return sums.map { (key: $0.key, sum: $0.value) }.sorted { Self.precedes($0.key, $1.key) }
    }

    package var figures: Figures {
        tables.withLock { $0 }.reduce(into: Figures()) { figures, table in
            let now = table.figures
            figures.requests += now.requests
            figures.unnamed += now.unnamed
            figures.waitingRows += now.rows
        }
    }

    private static func precedes(_ one: DeliveryTally.Key, _ other: DeliveryTally.Key) -> Bool {
        if one.day != other.day { return one.day < other.day }
        if one.content != other.content {
            return one.content.name.utf8.lexicographicallyPrecedes(other.content.name.utf8)
        }
        if one.status != other.status { return one.status < other.status }
        return !one.isRelayed && other.isRelayed
    }
}

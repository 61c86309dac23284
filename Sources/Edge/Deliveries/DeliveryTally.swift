/// Deliveries added up by content, day and answer, in a bounded number of rows.
///
/// A row that is there is changed in place, without allocation. When the rows are many enough they are set aside for
/// whoever takes them, and counting goes on in a new table; when the last ones were not taken yet, further contents are
/// counted together under `DeliveredContent.others`: their names are given up, no request and no byte.
package struct DeliveryTally {
    /// What is added up.
    package struct Key: Hashable, Sendable {
        package let content: DeliveredContent
        /// Whole days of UTC since 1970.
        package let day: Int32
        package let status: Int16
        /// Whether another node of ours asked, for a viewer of its own.
        package let isRelayed: Bool

        /// One word: the content's digest is well mixed and not foreseeable, the rest is small numbers.
        package func hash(into hasher: inout Hasher) {
            hasher.combine(content.digest ^ (Int(day) << 17 ^ Int(status) << 1 ^ (isRelayed ? 1 : 0)))
        }
    }

    /// What was added up.
    package struct Sum: Hashable, Sendable {
        package var requests = 0
        /// Of bodies.
        package var bytes = 0
        /// When the last was answered, milliseconds since 1970; within the key's day.
        package var lastMilliseconds: Int64 = 0

        mutating func add(_ other: Sum) {
            requests &+= other.requests
            bytes &+= other.bytes
            lastMilliseconds = max(lastMilliseconds, other.lastMilliseconds)
        }
    }

    static let dayMilliseconds: Int64 = 86_400_000

    /// Rows of a table; there are at most twice as many, and those of the others.
    let rowsMax: Int
    private(set) var rows: [Key: Sum] = [:]
    /// Full, and not taken yet.
    private(set) var full: [Key: Sum] = [:]
    /// Requests counted since the tally was made.
    private(set) var requests = 0
    /// Of these, those whose content's name was given up.
    private(set) var unnamed = 0

    init(rowsMax: Int) {
        precondition(rowsMax > 0)
        self.rowsMax = rowsMax
    }

    /// Counts one answer; `true` when that filled the table, so that it should be taken soon.
    @inline(__always)
    mutating func count(
        _ content: DeliveredContent,
        status: Int,
        bytes: Int,
        isRelayed: Bool,
        at milliseconds: Int64
    ) -> Bool {
        let day = Int32(truncatingIfNeeded: milliseconds / Self.dayMilliseconds)
        let key = Key(content: content, day: day, status: Int16(truncatingIfNeeded: status), isRelayed: isRelayed)
        requests &+= 1
        if add(bytes, at: milliseconds, to: key) { return false }
        return begin(key, Sum(requests: 1, bytes: bytes, lastMilliseconds: milliseconds))
    }

    /// Adds to a row that is there; `false` if there is none.
    @inline(__always)
    private mutating func add(_ bytes: Int, at milliseconds: Int64, to key: Key) -> Bool {
        guard let index = rows.index(forKey: key) else { return false }
        rows.values[index].add(Sum(requests: 1, bytes: bytes, lastMilliseconds: milliseconds))
        return true
    }

    /// The first of a row.
    private mutating func begin(_ key: Key, _ sum: Sum) -> Bool {
        if rows.count < rowsMax {
            rows[key] = sum
            return rows.count == rowsMax
        }
        if full.isEmpty {
            swap(&full, &rows)
            rows[key] = sum
            return true
        }
        let others = Key(content: .others, day: key.day, status: key.status, isRelayed: key.isRelayed)
        rows[others, default: Sum()].add(sum)
        unnamed += 1
        return false
    }

    /// Everything counted so far, and nothing is left; costs the time of the rows that are both full and begun.
    mutating func take() -> [Key: Sum] {
        var taken: [Key: Sum] = [:]
        swap(&taken, &rows)
        if full.isEmpty { return taken }
        taken.merge(full) { one, other in
            var sum = one
            sum.add(other)
            return sum
        }
        full = [:]
        return taken
    }
}

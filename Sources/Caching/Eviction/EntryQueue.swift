/// Ends and sums of a circle of entries linked both ways; `EntryTable` holds the links and does the linking.
///
/// The newer neighbour of the front is the back, so that moving one from the back to the front is a turn of the circle.
struct EntryQueue: Sendable {
    /// Where entries come in; `EntryTable.none` when empty.
    var front = EntryTable.none
    /// Where entries leave; `EntryTable.none` when empty.
    var back = EntryTable.none
    var count = 0
    /// Of all entries.
    var bytes = 0

    var isEmpty: Bool { back == EntryTable.none }
}

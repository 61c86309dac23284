/// Ends and sums of a doubly linked list of entries; `EntryTable` holds the links and does the linking.
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

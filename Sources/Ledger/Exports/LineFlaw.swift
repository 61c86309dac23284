/// What is wrong, and at which line, from 1.
struct LineFlaw: Error, Hashable, Sendable {
    var line: Int
    var flaw: RowFlaw
}

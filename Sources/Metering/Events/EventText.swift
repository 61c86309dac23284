/// Where a text of an event stands: between quotes in the body, or decoded beside it.
struct EventText {
    /// Whether the member was there, and as what.
    enum Presence: UInt8 {
        case absent, null, text
    }

    var presence = Presence.absent
    /// Decoded texts, which had escapes, are in the reader's `side` and not in the body.
    var isDecoded = false
    /// A column of CSV with this text needs quotes.
    var needsQuotes = false
    var hasControl = false
    /// The first byte, and the number of bytes.
    var start = 0
    var count = 0

    var range: Range<Int> { start..<start + count }
    var isText: Bool { presence == .text }
}

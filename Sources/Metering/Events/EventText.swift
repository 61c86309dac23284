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
    private var first: UInt32 = 0
    private var length: UInt32 = 0

    init(presence: Presence = .absent, isDecoded: Bool = false, start: Int = 0, count: Int = 0) {
        self.presence = presence
        self.isDecoded = isDecoded
        first = UInt32(start)
        length = UInt32(count)
    }

    /// The first byte.
    var start: Int { Int(first) }
    /// The number of bytes.
    var count: Int {
        get { Int(length) }
        set { length = UInt32(newValue) }
    }
    var range: Range<Int> { start..<start + count }
    var isText: Bool { presence == .text }
}

/// The last creator of a page, where the next one goes on.
package struct CreatorsCursor: Hashable, Sendable {
    package var creator: String
    /// Where creators are ordered by it.
    package var amount: ExactAmount?

    package init(creator: String, amount: ExactAmount? = nil) {
        self.creator = creator
        self.amount = amount
    }

    /// `nil` for what no page has given.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let creator = text[bytes.index(after: colon)...]
        guard !creator.isEmpty else { return nil }
        self.creator = String(creator)
        if colon != bytes.startIndex {
            guard let amount = ExactAmount(String(text[..<colon])) else { return nil }
            self.amount = amount
        }
    }

    /// More than any amount.
    static let greatest = "1e30"

    /// `AMOUNT:CREATOR`, or `:CREATOR`.
    package var text: String { "\(amount?.text ?? ""):\(creator)" }
}

/// Which creators are asked for, in which order, and from where on.
package struct CreatorsQuestion: Hashable, Sendable {
    /// The time that figures are of.
    package enum Span: Hashable, Sendable {
        /// What is paid for one month; `nil` is the newest month that has payouts.
        case period(UsagePeriod?)
        /// Uses of some days, both included; always in the order of ids, which needs no look at every creator.
        case days(from: UsageDay, to: UsageDay)
    }

    /// In which order creators of a month come.
    package enum Order: String, CaseIterable, Sendable {
        /// The greatest first, then by id.
        case amount
        /// By the ids' UTF-8 bytes.
        case id
    }

    package var span: Span
    package var order: Order
    /// A part of the id, empty for all; letters from A to Z stand for both cases.
    package var search: String
    /// The last creator of the page before; `nil` begins.
    package var after: CreatorsCursor?
    /// Creators of one page, from 1.
    package var limit: Int
    /// Rows of days and content types that are read for one page at most.
    package var rowsMax: Int

    package init(
        _ span: Span = .period(nil),
        order: Order = .amount,
        search: String = "",
        after: CreatorsCursor? = nil,
        limit: Int = 50,
        rowsMax: Int = 100_000
    ) {
        precondition(limit > 0 && rowsMax > 0, "a page has at least one creator")
        self.span = span
        self.order = order
        self.search = search
        self.after = after
        self.limit = limit
        self.rowsMax = rowsMax
    }

    /// The search as databases compare it: with small letters, of ASCII alone.
    var lowered: String {
        String(
            decoding: search.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 },
            as: UTF8.self
        )
    }
}

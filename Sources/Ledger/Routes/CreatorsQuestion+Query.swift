extension CreatorsQuestion {
    static let path = "/v1/usage/creators"

    /// Whether a path, with or without a query, is the list of creators.
    static func isAsked(_ path: String) -> Bool {
        path.utf8.prefix { $0 != UInt8(ascii: "?") }.elementsEqual(Self.path.utf8)
    }

    /// Reads a path with its query, for which ``isAsked(_:)`` holds:
    /// `?period=YYYY-MM` or `?from=YYYY-MM-DD&to=YYYY-MM-DD`, and `search`, `sort`, `limit`, `after`.
    ///
    /// - Throws: `malformed`.
    init(_ path: String, nowMilliseconds: Int64, limits: UsageLimits) throws(UsageProblem) {
        let query = try UsageQuery(
            Substring(path.utf8.dropFirst(Self.path.utf8.count + 1)),
            names: ["period", "from", "to", "search", "sort", "limit", "after"]
        )
        self.init(rowsMax: limits.listRows)
        search = query["search"] ?? ""
        guard search.utf8.count <= limits.idBytes else {
            throw .malformed("A search has at most \(limits.idBytes) bytes.")
        }
        limit = limits.creatorsByDefault
        if let text = query["limit"] {
            guard let number = Int(text), (1...limits.creators).contains(number) else {
                throw .malformed("limit is a whole number from 1 to \(limits.creators).")
            }
            limit = number
        }
        if query["from"] != nil || query["to"] != nil {
            guard query["period"] == nil else { throw .malformed("The query says period, or from and to, not both.") }
            let (from, to) = try query.days(nowMilliseconds: nowMilliseconds, limits: limits)
            span = .days(from: from, to: to)
            order = .id
        } else if let text = query["period"] {
            guard let period = UsagePeriod(text) else { throw .malformed("period is a month such as 2026-11.") }
            span = .period(period)
        }
        if let text = query["sort"] {
            guard let order = Order(rawValue: text) else { throw .malformed("sort is amount or id.") }
            if case .days = span, order == .amount {
                throw .malformed("Creators come by amount for a month alone: say period instead of from and to.")
            }
            self.order = order
        }
        if let text = query["after"] {
            guard let cursor = CreatorsCursor(text), (cursor.amount != nil) == (order == .amount) else {
                throw .malformed("after is what the page before gave as next, asked in the same order.")
            }
            after = cursor
        }
    }
}

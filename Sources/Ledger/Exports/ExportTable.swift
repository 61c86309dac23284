/// A table of the warehouse that is exported.
package enum ExportTable: String, Hashable, Sendable, CaseIterable {
    case creatorDaily = "creator_daily"
    case payouts

    /// The first line of its parts, without the line feed.
    package var header: String {
        switch self {
        case .creatorDaily: "day,creator_id,content_type,uses,amount,deleted"
        case .payouts: "period,creator_id,uses,amount,status,deleted"
        }
    }
}

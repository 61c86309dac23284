/// `GET /v1/usage/creators/{id}?from=YYYY-MM-DD&to=YYYY-MM-DD`, both days included.
struct UsageQuestion: Hashable, Sendable {
    static let prefix = "/v1/usage/creators/"

    var creator: String
    var from: UsageDay
    var to: UsageDay

    /// Whether a path, with or without a query, is one about a creator.
    static func isAsked(_ path: String) -> Bool { path.utf8.starts(with: prefix.utf8) }

    /// Reads a path with its query, for which ``isAsked(_:)`` holds.
    ///
    /// - Parameters:
    ///   - path: The path with its query.
    ///   - nowMilliseconds: since 1970; the last day, where the question does not say.
    ///   - limits: What may be asked.
    /// - Throws: `malformed` or `noSuchPath`.
    init(_ path: String, nowMilliseconds: Int64, limits: UsageLimits) throws(UsageProblem) {
        let rest = path.utf8.dropFirst(Self.prefix.utf8.count)
        let id = Substring(rest.prefix { $0 != UInt8(ascii: "?") })
        guard let creator = UsageQuery.decoded(id, plusIsSpace: false) else {
            throw .malformed("The creator's id is not percent-encoded UTF-8.")
        }
        guard !id.utf8.contains(UInt8(ascii: "/")), !creator.isEmpty else { throw .noSuchPath }
        guard creator.utf8.count <= limits.idBytes else {
            throw .malformed("A creator's id has at most \(limits.idBytes) bytes.")
        }
        self.creator = creator
        let query = try UsageQuery(Substring(rest.dropFirst(id.utf8.count + 1)), names: ["from", "to"])
        (from, to) = try query.days(nowMilliseconds: nowMilliseconds, limits: limits)
    }
}

import DeliveryTypes

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
        guard let creator = Self.decoded(id, plusIsSpace: false) else {
            throw .malformed("The creator's id is not percent-encoded UTF-8.")
        }
        guard !id.utf8.contains(UInt8(ascii: "/")), !creator.isEmpty else { throw .noSuchPath }
        guard creator.utf8.count <= limits.idBytes else {
            throw .malformed("A creator's id has at most \(limits.idBytes) bytes.")
        }
        self.creator = creator
        var given: [String: UsageDay] = [:]
        for member in rest.dropFirst(id.utf8.count + 1).split(separator: UInt8(ascii: "&")) {
            let pair = member.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map { Substring($0) }
            guard let name = Self.decoded(pair[0], plusIsSpace: true), name == "from" || name == "to" else {
                throw .malformed("The query takes from and to.")
            }
            guard given[name] == nil else { throw .malformed("The query says \(name) twice.") }
            guard pair.count == 2, let text = Self.decoded(pair[1], plusIsSpace: true), let day = UsageDay(text) else {
                throw .malformed("\(name) is a day such as 2026-11-21.")
            }
            given[name] = day
        }
        let last = given["to"] ?? UsageDay(millisecondsSince1970: nowMilliseconds)
        to = last
        from = given["from"] ?? last.moved(by: -limits.daysByDefault)
        guard from <= to else { throw .malformed("from is after to.") }
        guard to.daysSince1970 - from.daysSince1970 < limits.days else {
            throw .malformed("A question may be about \(limits.days) days at most.")
        }
    }

    /// The text behind percent-encoding; in a query, `+` is a space.
    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
        guard plusIsSpace, text.utf8.contains(UInt8(ascii: "+")) else { return PercentEncoding.decode(text) }
        let bytes = text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return PercentEncoding.decode(String(decoding: bytes, as: UTF8.self))
    }
}

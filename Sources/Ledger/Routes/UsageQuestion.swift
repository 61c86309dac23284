import HTTPTypes

/// `GET /v1/usage/creators/{id}?from=YYYY-MM-DD&to=YYYY-MM-DD`, both days included.
struct UsageQuestion: Hashable, Sendable {
    static let prefix = "/v1/usage/creators/"

    var creator: String
    var from: UsageDay
    var to: UsageDay

    /// Whether a path, with or without a query, is one about a creator.
    static func isAsked(_ path: String) -> Bool { path.utf8.starts(with: prefix.utf8) }

    /// - Parameters:
    ///   - path: A request's path with its query; ``isAsked(_:)``.
    ///   - nowMilliseconds: since 1970; the last day, where the question does not say.
    init(_ path: String, nowMilliseconds: Int64, limits: UsageLimits) throws(UsageProblem) {
        let bytes = path.utf8.dropFirst(Self.prefix.utf8.count)
        let id = bytes.prefix { $0 != UInt8(ascii: "?") }
        guard let creator = Self.decoded(id, plusIsSpace: false) else {
            throw .malformed("The creator's id is not percent-encoded UTF-8.")
        }
        guard !id.contains(UInt8(ascii: "/")), !creator.isEmpty else { throw .noSuchPath }
        guard creator.utf8.count <= limits.idBytes else {
            throw .malformed("A creator's id has at most \(limits.idBytes) bytes.")
        }
        self.creator = creator
        var given: [String: UsageDay] = [:]
        for member in bytes.dropFirst(id.count + 1).split(separator: UInt8(ascii: "&")) {
            let pair = member.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
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

    /// The text behind percent-encoding (RFC 3986 §2.1); `nil` for broken escapes and what is not UTF-8.
    private static func decoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

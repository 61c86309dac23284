import DeliveryTypes

/// The members of a query, each of a known name and given once, decoded.
struct UsageQuery: Hashable, Sendable {
    private var members: [String: String] = [:]

    /// Reads what follows the `?`; nothing where `text` is empty.
    ///
    /// - Throws: `malformed`.
    init(_ text: Substring, names: [String]) throws(UsageProblem) {
        for member in text.utf8.split(separator: UInt8(ascii: "&")) {
            let pair = member.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                .map { Substring($0) }
            guard let name = Self.decoded(pair[0], plusIsSpace: true), names.contains(name) else {
                throw .malformed("The query takes \(names.joined(separator: ", ")).")
            }
            guard members[name] == nil else { throw .malformed("The query says \(name) twice.") }
            guard pair.count == 2, let value = Self.decoded(pair[1], plusIsSpace: true), !value.utf8.contains(0) else {
                throw .malformed("The value of \(name) is not percent-encoded UTF-8.")
            }
            members[name] = value
        }
    }

    subscript(name: String) -> String? { members[name] }

    /// - Throws: `malformed` for what is no day.
    func day(_ name: String) throws(UsageProblem) -> UsageDay? {
        guard let text = members[name] else { return nil }
        guard let day = UsageDay(text) else { throw .malformed("\(name) is a day such as 2026-11-21.") }
        return day
    }

    /// `from` and `to`, by default the last days up to now.
    ///
    /// - Throws: `malformed`, also for too many days.
    func days(nowMilliseconds: Int64, limits: UsageLimits) throws(UsageProblem) -> (from: UsageDay, to: UsageDay) {
        let to = try day("to") ?? UsageDay(millisecondsSince1970: nowMilliseconds)
        let from = try day("from") ?? to.moved(by: -limits.daysByDefault)
        guard from <= to else { throw .malformed("from is after to.") }
        guard to.daysSince1970 - from.daysSince1970 < limits.days else {
            throw .malformed("A question may be about \(limits.days) days at most.")
        }
        return (from, to)
    }

    /// The text behind percent-encoding; in a query, `+` is a space.
    static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
        guard plusIsSpace, text.utf8.contains(UInt8(ascii: "+")) else { return PercentEncoding.decode(text) }
        let bytes = text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return PercentEncoding.decode(String(decoding: bytes, as: UTF8.self))
    }
}

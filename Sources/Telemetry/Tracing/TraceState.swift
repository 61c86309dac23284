/// What tracing systems upstream put into `tracestate`; passed on, never interpreted.
///
/// At most 32 members and 512 bytes go on. Longer state is shortened as the recommendation says: members over 128 bytes
/// go first, then members from the end. State with a malformed or doubled member is dropped as a whole.
package struct TraceState: Sendable, Hashable, CustomStringConvertible {
    /// `key=value` members, newest first.
    package let members: [String]

    package static let membersMax = 32
    package static let bytesMax = 512
    private static let largeMemberBytes = 128
    /// How much is looked at before the header counts as an attack and is dropped.
    private static let inputBytesMax = 8192

    package init() {
        members = []
    }

    /// - Parameter fields: the values of every `tracestate` field, in order.
    package init(fields: [String]) {
        members = Self.members(of: fields).map(Self.shortened) ?? []
    }

    /// The members, or `nil` when one is malformed or there are too many.
    private static func members(of fields: [String]) -> [String]? {
        guard fields.reduce(0, { $0 + $1.utf8.count }) <= inputBytesMax else { return nil }
        var members: [String] = []
        var keys: Set<Substring> = []
        for part in fields.joined(separator: ",").split(separator: ",") {
            let member = trimmed(part)
            if member.isEmpty { continue }
            guard let key = key(of: member), keys.insert(key).inserted, members.count < membersMax else { return nil }
            members.append(String(member))
        }
        return members
    }

    package var isEmpty: Bool { members.isEmpty }

    /// The header's value.
    package var description: String { members.joined(separator: ",") }

    private static func shortened(_ members: [String]) -> [String] {
        var kept = members
        let length = { (list: [String]) in list.reduce(list.count - 1) { $0 + $1.utf8.count } }
        while length(kept) > bytesMax, let large = kept.lastIndex(where: { $0.utf8.count > largeMemberBytes }) {
            kept.remove(at: large)
        }
        while length(kept) > bytesMax { kept.removeLast() }
        return kept
    }

    private static func trimmed(_ part: Substring) -> Substring {
        var rest = part
        while let first = rest.utf8.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        while let last = rest.utf8.last, last == 0x20 || last == 0x09 { rest.removeLast() }
        return rest
    }

    /// The key of a well-formed member.
    private static func key(of member: Substring) -> Substring? {
        guard let equals = member.firstIndex(of: "=") else { return nil }
        let key = member[..<equals]
        let value = member[member.index(after: equals)...]
        guard isKey(key), !value.isEmpty, value.utf8.count <= 256,
            value.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") })
        else { return nil }
        return key
    }

    /// Level 2's key: a lower-case letter or digit, then those and `_ - * / @`, at most 256 bytes.
    private static func isKey(_ key: Substring) -> Bool {
        guard let first = key.utf8.first, isLetterOrDigit(first), key.utf8.count <= 256 else { return false }
        return key.utf8.allSatisfy { isLetterOrDigit($0) || "_-*/@".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

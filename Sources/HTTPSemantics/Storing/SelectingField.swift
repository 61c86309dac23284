import HTTPTypes

/// Normal forms of request fields that select a response (RFC 9111 section 4.1).
enum SelectingField {
    /// Fields whose members are case-insensitive and whose order says nothing (weights do).
    private static let preferences: Set<HTTPField.Name> = [.accept, .acceptEncoding, .acceptLanguage]

    /// The value without what does not matter; `nil` if the field is absent.
    static func normalised(_ name: HTTPField.Name, in fields: HTTPFields) -> String? {
        let lines = fields[values: name]
        guard !lines.isEmpty else { return nil }
        let members = FieldList.members(of: lines)
        guard preferences.contains(name) else { return members.joined(separator: ",") }
        return members.map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }.sorted().joined(separator: ",")
    }

    /// The one member with the highest weight, in lower case; `nil` if there is none, or several share it, or it is a
    /// wildcard (RFC 9110 section 12.4.2).
    static func favourite(of name: HTTPField.Name, in fields: HTTPFields) -> String? {
        var best: (member: String, weight: Int)?
        var isShared = false
        for member in FieldList.members(of: fields[values: name]) {
            let parts = member.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let value = parts.first, !value.isEmpty else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { self.weight($0.dropFirst(2)) } ?? 1_000
            if weight > best?.weight ?? 0 {
                best = (value, weight)
                isShared = false
            } else if weight == best?.weight {
                isShared = true
            }
        }
        guard let best, !isShared, best.member != "*" else { return nil }
        return best.member
    }

    /// A weight in thousandths; what cannot be read counts as 0.
    private static func weight(_ text: Substring) -> Int {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1" else { return 0 }
        let digits = parts.count > 1 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return 0 }
        let thousandths = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        return min((whole == "1" ? 1_000 : 0) + thousandths, 1_000)
    }
}

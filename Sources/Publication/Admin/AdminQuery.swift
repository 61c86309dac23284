/// The members of a URL's query (`name=value&…`), percent-decoded; `+` is a space, as forms write it.
struct AdminQuery {
    private let members: [(name: String, value: String)]

    /// - Throws: `invalidRequest` for what is not UTF-8, or a name that is there twice.
    init(_ text: String) throws(PublicationError) {
        var members: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]), let value = Self.decoded(pair.count == 2 ? pair[1] : "") else {
                throw .invalidRequest("the query is not percent-encoded UTF-8")
            }
            if members.contains(where: { $0.name == name }) { throw .invalidRequest("the query says \(name) twice") }
            members.append((name, value))
        }
        self.members = members
    }

    subscript(_ name: String) -> String? { members.first { $0.name == name }?.value }

    /// The whole number; `nil` if it is not there.
    func number(_ name: String, in range: ClosedRange<Int>) throws(PublicationError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalidRequest("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `name`, `name=1` and `name=true` are true.
    func flag(_ name: String) throws(PublicationError) -> Bool {
        switch self[name] {
        case nil, "0", "false": return false
        case "", "1", "true": return true
        default: throw .invalidRequest("\(name) is true or false")
        }
    }

    /// - Throws: `invalidRequest` for a name that is not among `known`: a misspelt `dry-run` must not publish.
    func requireOnly(_ known: Set<String>) throws(PublicationError) {
        if let other = members.first(where: { !known.contains($0.name) }) {
            throw .invalidRequest("\(other.name) is none of \(known.sorted().joined(separator: ", "))")
        }
    }

    /// `+` stands for itself; `nil` for a bad escape or bytes that are not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hex(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// What a request says about content codings (`Accept-Encoding`, RFC 9110 §12.5.3).
///
/// Weights are in thousandths. A member that cannot be read counts for nothing; what is past `membersMax` is not read.
/// Reading costs one pass over the field; choosing costs nothing worth counting.
package struct AcceptEncoding: Hashable, Sendable {
    /// More members than anyone sends.
    package static let membersMax = 32
    /// Bytes of the field that are read.
    package static let bytesMax = 1_024

    private var weights: [ContentCoding: Int] = [:]
    private var wildcard: Int?
    /// Whether the request has the field at all; without it nothing but `identity` is sent, to be safe.
    package let isPresent: Bool

    /// - Parameter values: the values of the field's lines, in order; empty where the request has none.
    package init(_ values: [String]) {
        isPresent = !values.isEmpty
        var seen = 0
        var bytes = 0
        for value in values {
            bytes += value.utf8.count
            guard bytes <= Self.bytesMax else { return }
            for member in FieldList(value) {
                seen += 1
                guard seen <= Self.membersMax else { return }
                read(member)
            }
        }
    }

    /// The weight of a coding in thousandths, 0 where it must not be sent.
    ///
    /// `identity` is fit for all who do not refuse it; what nobody named has a weight of 1, below all that was named.
    package func weight(of coding: ContentCoding) -> Int {
        if let stated = weights[coding] { return stated }
        if coding == .identity { return wildcard == 0 ? 0 : 1 }
        guard !coding.needsNaming else { return 0 }
        return wildcard ?? 0
    }

    /// The coding to send of those on offer: the client's heaviest, among equals the first offered; `nil` where the
    /// client refuses them all (then 406, or `identity` all the same).
    ///
    /// `offered` has the server's favourite first; where `identity` is not among them, it is not chosen.
    package func best(of offered: [ContentCoding]) -> ContentCoding? {
        var best: ContentCoding?
        var bestWeight = 0
        for coding in offered {
            let weight = weight(of: coding)
            if weight > bestWeight { (best, bestWeight) = (coding, weight) }
        }
        return best
    }

    private mutating func read(_ member: Substring) {
        var parts = member.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)[...]
        guard let first = parts.popFirst() else { return }
        let name = String(Substring(FieldList.trimmed(first))).lowercased()
        var weight = 1_000
        for part in parts {
            let text = Array(FieldList.trimmed(part))
            guard text.count >= 2, text[0] | 0x20 == UInt8(ascii: "q"), text[1] == UInt8(ascii: "=") else { continue }
            guard let read = Self.weight(text[2...]) else { return }
            weight = read
        }
        switch name {
        case "*": wildcard = max(weight, wildcard ?? 0)
        case "x-gzip": set(.gzip, weight)
        default: if let coding = ContentCoding(rawValue: name) { set(coding, weight) }
        }
    }

    /// Of two equal members the kinder one counts.
    private mutating func set(_ coding: ContentCoding, _ weight: Int) {
        weights[coding] = max(weight, weights[coding] ?? 0)
    }

    /// `0`, `1`, or either with a point and up to three digits, at most 1 (RFC 9110 §12.4.2).
    private static func weight(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return nil }
        var value = first == UInt8(ascii: "1") ? 1_000 : 0
        let rest = text.dropFirst()
        guard let point = rest.first else { return value }
        guard point == UInt8(ascii: "."), rest.count <= 4 else { return nil }
        var unit = 100
        for digit in rest.dropFirst() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value += Int(digit - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return value <= 1_000 ? value : nil
    }
}

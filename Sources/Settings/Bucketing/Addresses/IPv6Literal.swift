/// An IPv6 address in brackets, read and written as browsers do.
enum IPv6Literal {
    static func pieces(_ text: Substring) -> [UInt16]? {
        var head: [UInt16] = []
        var tail: [UInt16]?
        let halves = text.components(separatedBy: "::")
        guard halves.count <= 2 else { return nil }
        guard let first = list(halves[0], allowsIPv4: halves.count == 1) else { return nil }
        head = first
        if halves.count == 2 {
            guard let second = list(halves[1], allowsIPv4: true) else { return nil }
            tail = second
        }
        guard let tail else { return head.count == 8 ? head : nil }
        guard head.count + tail.count < 8 else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func list(_ text: Substring, allowsIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var pieces: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), allowsIPv4, index == parts.count - 1 {
                let bytes = part.split(separator: ".", omittingEmptySubsequences: false).map { byte -> UInt8? in
                    byte.count > 1 && byte.hasPrefix("0") || byte.hasPrefix("+") ? nil : UInt8(byte)
                }
                guard bytes.count == 4, let a = bytes[0], let b = bytes[1], let c = bytes[2], let d = bytes[3] else {
                    return nil
                }
                pieces += [UInt16(a) << 8 | UInt16(b), UInt16(c) << 8 | UInt16(d)]
            } else {
                guard part.utf8.count <= 4, !part.hasPrefix("+"), let piece = UInt16(part, radix: 16) else {
                    return nil
                }
                pieces.append(piece)
            }
        }
        return pieces
    }

    /// Hexadecimal, the longest run of two or more zeros left out.
    static func text(_ pieces: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < pieces.count {
            var end = start
            while end < pieces.count, pieces[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = end + 1
        }
        let written = pieces.map { String($0, radix: 16) }
        if best.isEmpty { return written.joined(separator: ":") }
        return written[..<best.lowerBound].joined(separator: ":") + "::"
            + written[best.upperBound...].joined(separator: ":")
    }
}

extension Substring {
    fileprivate func components(separatedBy mark: String) -> [Substring] {
        split(separator: mark, omittingEmptySubsequences: false)
    }
}

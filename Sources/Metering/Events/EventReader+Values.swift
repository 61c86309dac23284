/// The grammar of JSON (RFC 8259), strictly.
extension EventReader {
    @inline(__always)
    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < end {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    /// Passes over the value that starts here: its kind, and its bytes.
    ///
    /// Containers are walked without recursion, so that their depth costs no stack.
    mutating func passValue(_ bytes: Span<UInt8>) throws(Broken) -> (kind: EventMember.Kind, value: Range<Int>) {
        let start = at
        deepest = 0
        let kind = try passStart(bytes)
        while !open.isEmpty { try passStep(bytes) }
        // The event is a container itself, and `data` may be one around the value.
        let most = limits.depth
        if deepest + 2 > most { refuse(.tooLarge, "The event is nested deeper than \(most) levels.") }
        return (kind, start..<at)
    }

    /// A scalar as a whole, or a container's opening.
    private mutating func passStart(_ bytes: Span<UInt8>) throws(Broken) -> EventMember.Kind {
        guard at < end else { throw Broken(offset: at) }
        switch bytes[at] {
        case UInt8(ascii: "\""):
            try passString(bytes)
            return .text
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isObject = bytes[at] == UInt8(ascii: "{")
            deepest = max(deepest, open.count + 1)
            at += 1
            skipSpace(bytes)
            if at < end, bytes[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                at += 1
            } else {
                if isObject { try passKey(bytes) }
                open.append(isObject)
            }
            return isObject ? .object : .array
        case UInt8(ascii: "t"):
            try passWord("true", bytes)
            return .bool
        case UInt8(ascii: "f"):
            try passWord("false", bytes)
            return .bool
        case UInt8(ascii: "n"):
            try passWord("null", bytes)
            return .null
        default:
            try passNumber(bytes)
            return .number
        }
    }

    /// One value inside the innermost container, and what follows it: a comma, or the ends of containers.
    private mutating func passStep(_ bytes: Span<UInt8>) throws(Broken) {
        let level = open.count
        _ = try passStart(bytes)
        // A container that was opened here has its first value next.
        if open.count > level { return }
        while let isObject = open.last {
            skipSpace(bytes)
            guard at < end else { throw Broken(offset: at) }
            let byte = bytes[at]
            if byte == UInt8(ascii: ",") {
                at += 1
                skipSpace(bytes)
                if isObject { try passKey(bytes) }
                return
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw Broken(offset: at) }
            at += 1
            open.removeLast()
        }
    }

    private mutating func passKey(_ bytes: Span<UInt8>) throws(Broken) {
        guard at < end, bytes[at] == UInt8(ascii: "\"") else { throw Broken(offset: at) }
        try passString(bytes)
        skipSpace(bytes)
        guard at < end, bytes[at] == UInt8(ascii: ":") else { throw Broken(offset: at) }
        at += 1
        skipSpace(bytes)
    }

    private mutating func passWord(_ word: StaticString, _ bytes: Span<UInt8>) throws(Broken) {
        for expected in word.description.utf8 {
            guard at < end, bytes[at] == expected else { throw Broken(offset: at) }
            at += 1
        }
    }

    private mutating func passNumber(_ bytes: Span<UInt8>) throws(Broken) {
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = at
        let whole = passDigits(bytes)
        guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else { throw Broken(offset: at) }
        if at < end, bytes[at] == UInt8(ascii: ".") {
            at += 1
            guard passDigits(bytes) > 0 else { throw Broken(offset: at) }
        }
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            guard passDigits(bytes) > 0 else { throw Broken(offset: at) }
        }
    }

    private mutating func passDigits(_ bytes: Span<UInt8>) -> Int {
        let start = at
        while at < end, bytes[at] &- 0x30 <= 9 { at += 1 }
        return at - start
    }

    /// A string whose text nobody needs here; its escapes are checked.
    private mutating func passString(_ bytes: Span<UInt8>) throws(Broken) {
        at += 1
        while at < end {
            at = bytes.firstMark(from: at, to: end)
            guard at < end else { break }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return
            case UInt8(ascii: "\\"): _ = try escape(bytes)
            case 0..<0x20: throw Broken(offset: at)
            default: at += 1
            }
        }
        throw Broken(offset: at)
    }
}

/// One pass over the bytes of a text; the bytes are passed along because nothing may keep them.
struct JSONScanner {
    /// Where and why reading stopped.
    struct Stop: Error {
        let reason: JSONError.Reason
        let offset: Int
    }

    /// A repeated key.
    struct Repeated {
        let key: ExactString
        let path: [ExactString]
        let offset: Int
    }

    private enum Step {
        case key(ExactString)
        case index(Int)

        var text: ExactString {
            switch self {
            case .key(let key): key
            case .index(let index): ExactString("\(index)")
            }
        }
    }

    private let limits: JSONLimits
    private let keepsPlaces: Bool
    var at = 0
    private var values = 0
    private var path: [Step] = []
    /// Finished values whose container is not finished yet; at the end the root's.
    private(set) var extents: [JSONExtent] = []
    private(set) var duplicates: [Repeated] = []

    init(limits: JSONLimits, keepsPlaces: Bool) {
        self.limits = limits
        self.keepsPlaces = keepsPlaces
    }

    mutating func text(_ bytes: Span<UInt8>) throws(Stop) -> JSONValue {
        guard bytes.count <= limits.bytesMax else {
            throw Stop(reason: .tooManyBytes(max: limits.bytesMax), offset: limits.bytesMax)
        }
        skipSpace(bytes)
        let value = try value(bytes, depth: 0)
        skipSpace(bytes)
        guard at == bytes.count else { throw stop(.trailingBytes) }
        return value
    }

    func stop(_ reason: JSONError.Reason) -> Stop { Stop(reason: reason, offset: at) }

    /// Why the byte here, or the end, is wrong.
    func unexpected(_ bytes: Span<UInt8>) -> Stop {
        stop(at < bytes.count ? .unexpectedByte(bytes[at]) : .unexpectedEnd)
    }

    @inline(__always)
    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(Stop) -> JSONValue {
        values += 1
        guard values <= limits.valuesMax else { throw stop(.tooManyValues(max: limits.valuesMax)) }
        guard at < bytes.count else { throw stop(.unexpectedEnd) }
        let start = at
        let mark = extents.count
        let value: JSONValue
        switch bytes[at] {
        case UInt8(ascii: "{"): value = try object(bytes, depth: depth + 1)
        case UInt8(ascii: "["): value = try array(bytes, depth: depth + 1)
        case UInt8(ascii: "\""): value = .string(try string(bytes))
        case UInt8(ascii: "-"), 0x30...0x39: value = .number(try number(bytes))
        case UInt8(ascii: "t"): value = try word("true", .bool(true), bytes)
        case UInt8(ascii: "f"): value = try word("false", .bool(false), bytes)
        case UInt8(ascii: "n"): value = try word("null", .null, bytes)
        default: throw unexpected(bytes)
        }
        if keepsPlaces {
            let children = Array(extents[mark...])
            extents.removeSubrange(mark...)
            extents.append(JSONExtent(range: start..<at, children: children))
        }
        return value
    }

    private mutating func word(
        _ word: StaticString,
        _ value: JSONValue,
        _ bytes: Span<UInt8>
    ) throws(Stop) -> JSONValue {
        for expected in word.description.utf8 {
            guard at < bytes.count, bytes[at] == expected else { throw unexpected(bytes) }
            at += 1
        }
        return value
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(Stop) -> JSONValue {
        guard depth <= limits.depthMax else { throw stop(.tooDeep(max: limits.depthMax)) }
        at += 1
        var elements: [JSONValue] = []
        skipSpace(bytes)
        if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
            at += 1
            return .array(elements)
        }
        while true {
            if keepsPlaces { path.append(.index(elements.count)) }
            elements.append(try value(bytes, depth: depth))
            if keepsPlaces { path.removeLast() }
            skipSpace(bytes)
            guard at < bytes.count else { throw stop(.unexpectedEnd) }
            switch bytes[at] {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "]"):
                at += 1
                return .array(elements)
            default: throw unexpected(bytes)
            }
            skipSpace(bytes)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(Stop) -> JSONValue {
        guard depth <= limits.depthMax else { throw stop(.tooDeep(max: limits.depthMax)) }
        at += 1
        var object = JSONObject()
        let mark = extents.count
        skipSpace(bytes)
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
            at += 1
            return .object(object)
        }
        while true {
            try member(of: &object, bytes, depth: depth, mark: mark)
            skipSpace(bytes)
            guard at < bytes.count else { throw stop(.unexpectedEnd) }
            switch bytes[at] {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "}"):
                at += 1
                return .object(object)
            default: throw unexpected(bytes)
            }
            skipSpace(bytes)
        }
    }

    @inline(__always)
    private mutating func member(
        of object: inout JSONObject,
        _ bytes: Span<UInt8>,
        depth: Int,
        mark: Int
    ) throws(Stop) {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw unexpected(bytes) }
        let keyStart = at
        let key = try string(bytes)
        skipSpace(bytes)
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw unexpected(bytes) }
        at += 1
        skipSpace(bytes)
        if keepsPlaces { path.append(.key(key)) }
        let value = try value(bytes, depth: depth)
        if keepsPlaces { path.removeLast() }
        if let earlier = object.put(value, at: key), keepsPlaces {
            if let extent = extents.popLast() { extents[mark + earlier] = extent }
            if duplicates.count < JSONLimits.duplicatesMax {
                duplicates.append(Repeated(key: key, path: path.map(\.text), offset: keyStart))
            }
        }
    }
}

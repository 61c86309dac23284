import JSON

/// Random conditions and attributes, odd ones among them.
struct ConditionSample {
    var generator: SeededGenerator
    /// Whether some objects have a `toString`, at which JavaScript throws.
    var hasThrowing = true

    private static let scalars: [JSONValue] = [
        nil, true, false, 0, 1, -1, 1.5, 10, "", "a", "A", "b", "1", "10", "1.2.3", "é", "us", "US",
        .number(.infinity),
    ]
    private static let operators: [ExactString] = [
        "$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$exists", "$in", "$nin", "$ini", "$nini", "$all", "$alli",
        "$regex",
        "$regexi", "$size", "$elemMatch", "$not", "$type", "$veq", "$vne", "$vgt", "$vlt", "$inGroup", "$notInGroup",
        "$x",
    ]
    private static let paths: [ExactString] = ["a", "b", "c", "a.b", "a.0", "b.length", "zz", ""]

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    mutating func value(_ depth: Int) -> JSONValue {
        switch depth > 0 ? below(10) : 0 {
        case 8:
            var elements: [JSONValue] = []
            for _ in 0..<below(4) { elements.append(value(depth - 1)) }
            return .array(elements)
        case 9:
            var object = JSONObject()
            for _ in 0..<below(4) { object[pick(["a", "b", "0", hasThrowing ? "toString" : "c"])] = value(depth - 1) }
            return .object(object)
        default: return pick(Self.scalars)
        }
    }

    mutating func test(_ depth: Int) -> JSONValue {
        guard depth > 0, below(4) > 0 else { return value(1) }
        var object = JSONObject()
        for _ in 0...below(2) {
            let name = pick(Self.operators)
            object[name] = below(3) == 0 ? test(depth - 1) : value(2)
        }
        return .object(object)
    }

    mutating func condition(_ depth: Int) -> JSONValue {
        var object = JSONObject()
        for _ in 0...below(2) {
            switch depth > 0 ? below(6) : 5 {
            case 0, 1:
                var parts: [JSONValue] = []
                for _ in 0..<below(4) { parts.append(condition(depth - 1)) }
                object[pick(["$or", "$nor", "$and"])] = .array(parts)
            case 2: object["$not"] = condition(depth - 1)
            default: object[pick(Self.paths)] = test(depth)
            }
        }
        return .object(object)
    }

    mutating func attributes() -> JSONObject {
        var object = JSONObject()
        for name: ExactString in ["a", "b", "c"] where below(6) > 0 { object[name] = value(2) }
        return object
    }
}

package import JSON

/// Where a user falls: hashing to [0, 1) and choosing by it, as the reference does (GrowthBook's JavaScript SDK), for
/// any JSON value in any place.
///
/// `nil` among the parameters is JavaScript's `undefined`.
package enum Bucketing {
    /// Versions that exist; anything else hashes to nothing.
    static let versions: ClosedRange<UInt8> = 1...2

    /// `hash(seed, value, version)`: thousandths (version 1, biased) or ten-thousandths (version 2) in [0, 1); `nil`
    /// for any other version.
    package static func hash(seed: JSONValue?, value: JSONValue?, version: JSONValue?) -> Double? {
        switch version {
        case .number(let number) where number.double == 1: biased(text(ScriptValue.sum(value, seed)))
        case .number(let number) where number.double == 2: even(text(ScriptValue.sum(seed, value)))
        default: nil
        }
    }

    /// What the hash runs over: a sum that is a number has no characters.
    private static func text(_ sum: JSONValue) -> UInt32 {
        var hash = FNV1a()
        if case .string(let text) = sum { hash.add(text) }
        return hash.state
    }

    /// Version 1, from the hash of value and seed.
    @inline(__always)
    static func biased(_ hash: UInt32) -> Double {
        Double(hash % 1000) / 1000
    }

    /// Version 2, from the hash of seed and value.
    @inline(__always)
    static func even(_ hash: UInt32) -> Double {
        var again = FNV1a()
        again.add(digitsOf: hash)
        return Double(again.state % 10000) / 10000
    }

    /// `inRange(n, range)`: from inclusive, to exclusive.
    ///
    /// - Throws: `.malformedRule` for a range that is `null` or missing.
    package static func isIn(_ number: JSONValue?, range: JSONValue?) throws(EvaluationFault) -> Bool {
        guard let range, !range.isNull else { throw .malformedRule }
        return atLeast(number, ScriptValue.element(range, 0)) && below(number, ScriptValue.element(range, 1))
    }

    private static func atLeast(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left, let right else { return false }
        return JSCoercion.lessOrEqual(right, left) ?? false
    }

    private static func below(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        guard let left, let right else { return false }
        return JSCoercion.less(left, right) ?? false
    }

    /// `chooseVariation(n, ranges)`: the first range that holds the number, −1 for none.
    ///
    /// - Throws: `.malformedRule` for ranges that are `null` or missing, and for such a range among them.
    package static func choose(_ number: JSONValue?, among ranges: JSONValue?) throws(EvaluationFault) -> Int {
        guard let ranges, !ranges.isNull else { throw .malformedRule }
        let count = ScriptValue.number(ScriptValue.length(ranges))
        var index = 0
        while Double(index) < count {
            guard index < 1_000_000 else { throw .tooMuchWork }
            if try isIn(number, range: ScriptValue.element(ranges, index)) { return index }
            index += 1
        }
        return -1
    }

    /// `inNamespace(value, [name, from, to])`.
    ///
    /// - Throws: `.malformedRule` for a namespace that is `null` or missing.
    package static func isIn(
        namespace: JSONValue?,
        value: JSONValue?
    ) throws(EvaluationFault) -> Bool {
        guard let namespace, !namespace.isNull else { throw .malformedRule }
        let seed = ScriptValue.sum("__", ScriptValue.element(namespace, 0))
        guard let number = hash(seed: seed, value: value, version: 1) else { return false }
        return number >= ScriptValue.number(ScriptValue.element(namespace, 1))
            && number < ScriptValue.number(ScriptValue.element(namespace, 2))
    }

    /// `getEqualWeights(n)`: n times 1/n.
    ///
    /// - Throws: `.malformedRule` where JavaScript has no array of that length, `.tooMuchWork` beyond a million.
    package static func equalWeights(_ count: JSONValue?) throws(EvaluationFault) -> [Double] {
        let number = ScriptValue.number(count)
        if number <= 0 { return [] }
        let weight = 1 / number
        guard case .number? = count else { return [weight] }
        guard number == number.rounded(), number < 4_294_967_296 else { throw .malformedRule }
        guard number <= 1_000_000 else { throw .tooMuchWork }
        return Array(repeating: weight, count: Int(number))
    }

    /// `getBucketRanges(n, coverage, weights)`: for each weight its start and its covered end.
    ///
    /// The ends are numbers, or texts where weights are texts (JavaScript's `+`).
    ///
    /// - Throws: `.malformedRule` where JavaScript throws.
    package static func ranges(
        count: JSONValue?,
        coverage: JSONValue?,
        weights: JSONValue?
    ) throws(EvaluationFault) -> [(start: JSONValue, end: JSONValue)] {
        var covered = coverage.map { ScriptValue.number($0) } ?? 1
        if covered < 0 { covered = 0 } else if covered > 1 { covered = 1 }
        let equal = try equalWeights(count).map { JSONValue.number($0) }
        var used = equal
        if let weights = ScriptValue.truthy(weights), let length = ScriptValue.length(weights), let count,
            JSCoercion.identical(length, count)
        {
            guard case .array(let elements) = weights else { throw .malformedRule }
            used = elements
        }
        let total = ScriptValue.number(used.reduce(.number(0)) { ScriptValue.sum($1, $0) })
        if total < 0.99 || total > 1.01 { used = equal }
        var cumulative = JSONValue.number(0)
        return used.map { weight in
            let start = cumulative
            cumulative = ScriptValue.sum(cumulative, weight)
            return (start, ScriptValue.sum(start, .number(covered * ScriptValue.number(weight))))
        }
    }
}

import JSON

/// Answers cases of GrowthBook's cross-SDK suite (spec 0.8), one JSON object per line, with the evaluator that serves
/// requests.
///
/// `{"id":1,"section":"hash","name":"…","input":["seed","value",2]}` → `{"id":1,"output":0.2439}`. What the reference
/// would throw at, and what is no case at all, is `{"id":1,"skip":"why"}`. Nothing here fails.
package struct ConformanceRun: Sendable {
    /// Bytes of a line.
    package static let lineBytesMax = 16 << 20

    private let parser = JSONParser(limits: JSONLimits(bytesMax: lineBytesMax, depthMax: 128))

    package init() {}

    /// The answer to a line, without a line end.
    package func answer(line: String) -> String {
        let value: JSONValue
        do throws(JSONError) {
            value = try parser.value(from: line)
        } catch {
            return Self.line(.null, "skip", .text("not JSON: \(error)"))
        }
        let id = value["id"] ?? .null
        guard let section = value["section"]?.string?.wellFormed, let input = value["input"]?.array else {
            return Self.line(id, "skip", "a case has a section and an input")
        }
        do throws(ConformanceSkip) {
            return Self.line(id, "output", try output(section, input))
        } catch {
            return Self.line(id, "skip", .text(error.reason))
        }
    }

    private static func line(_ id: JSONValue, _ key: ExactString, _ value: JSONValue) -> String {
        var object = JSONObject()
        object["id"] = id
        object[key] = value
        return JSONValue.object(object).stringifiedText
    }

    private func output(_ section: String, _ input: [JSONValue]) throws(ConformanceSkip) -> JSONValue {
        do throws(EvaluationFault) {
            switch section {
            case "hash":
                return Bucketing.hash(
                    seed: Self.argument(input, 0),
                    value: Self.argument(input, 1),
                    version: Self.argument(input, 2)
                ).map { .number($0) } ?? .null
            case "getBucketRange": return try Self.bucketRange(input)
            case "chooseVariation":
                return .number(try Bucketing.choose(Self.argument(input, 0), among: Self.argument(input, 1)))
            case "inNamespace":
                return .bool(
                    try Bucketing.isIn(namespace: Self.argument(input, 1), value: Self.argument(input, 0))
                )
            case "getEqualWeights":
                return .array(try Bucketing.equalWeights(Self.argument(input, 0)).map { .number($0) })
            case "getQueryStringOverride": return try Self.queryOverride(input)
            case "evalCondition":
                return .bool(
                    Condition.evaluate(
                        Self.argument(input, 0) ?? [:],
                        on: Self.argument(input, 1) ?? .null,
                        savedGroups: ScriptValue.spread(Self.argument(input, 2))
                    )
                )
            case "versionCompare": return try Self.versionCompare(input)
            case "feature", "contextualBandit":
                return try ContextCase(Self.argument(input, 0)).feature(Self.argument(input, 1))
            case "run": return try ContextCase(Self.argument(input, 0)).run(Self.argument(input, 1))
            case "stickyBucket":
                return try ContextCase(Self.argument(input, 0))
                    .stickyBucket(Self.argument(input, 1), Self.argument(input, 2))
            default: break
            }
        } catch {
            throw ConformanceSkip(reason: "the reference throws, or needs more than we allow (\(error))")
        }
        throw ConformanceSkip(reason: "unknown section \(section)")
    }

    private static func argument(_ input: [JSONValue], _ index: Int) -> JSONValue? {
        index < input.count ? input[index] : JSONValue?.none
    }

    /// The suite writes `null` for weights that are not given.
    private static func bucketRange(_ input: [JSONValue]) throws(EvaluationFault) -> JSONValue {
        let ranges = try Bucketing.ranges(
            count: argument(input, 0),
            coverage: argument(input, 1),
            weights: argument(input, 2)
        )
        return .array(ranges.map { .array([$0.start, $0.end]) })
    }

    private static func queryOverride(_ input: [JSONValue]) throws(EvaluationFault) -> JSONValue {
        guard let url = ScriptValue.truthy(argument(input, 1)) else { return .null }
        guard case .string(let url) = url else { throw .malformedRule }
        guard case .string(let key)? = argument(input, 0) else { return .null }
        let count = ScriptValue.number(argument(input, 2))
        return QueryOverride.variation(of: key, in: url, count: count).map { .number($0) } ?? .null
    }

    private static func versionCompare(_ input: [JSONValue]) throws(EvaluationFault) -> JSONValue {
        guard let operation = argument(input, 0)?.string?.wellFormed,
            ["lt", "lte", "gt", "gte", "eq", "ne"].contains(operation)
        else { throw .malformedRule }
        let condition: JSONValue = ["v": .object(Self.single("$v" + operation, argument(input, 2) ?? .null))]
        return .bool(Condition.evaluate(condition, on: ["v": argument(input, 1) ?? .null]))
    }

    private static func single(_ key: String, _ value: JSONValue) -> JSONObject {
        var object = JSONObject()
        object[ExactString(key)] = value
        return object
    }
}

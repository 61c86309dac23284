/// The labels of a series as they stand in the exposition: `{method="GET",status="200"}`, or nothing.
struct MetricLabels {
    let text: String

    /// The series that takes every label set past a metric's cap.
    static let overflow = MetricLabels(labels: [("overflow", "true")], limits: MetricLimits())

    /// Labels come in the order of their names, so the order of the dimensions does not matter; of two with one name
    /// the first stays.
    init(labels: [(String, String)], limits: MetricLimits) {
        var named: [(name: String, value: String)] = []
        for (dimension, value) in labels.prefix(limits.labelsMax) {
            let name = MetricName.label(dimension)
            if !named.contains(where: { $0.name == name }) {
                named.append((name, Self.escaped(value, bytesMax: limits.labelValueBytesMax)))
            }
        }
        guard !named.isEmpty else {
            text = ""
            return
        }
        named.sort { $0.name < $1.name }
        text = "{" + named.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }

    /// The text with a histogram's `le` added.
    static func adding(bound: String, to text: String) -> String {
        text.isEmpty ? "{le=\"\(bound)\"}" : text.dropLast() + ",le=\"\(bound)\"}"
    }

    /// `\`, `"` and newline are escaped; scalars are kept whole when the value is cut.
    private static func escaped(_ value: String, bytesMax: Int) -> String {
        var result = ""
        var bytes = 0
        for scalar in value.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= bytesMax else { break }
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

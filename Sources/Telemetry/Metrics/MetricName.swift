/// Names as the exposition format allows them.
enum MetricName {
    /// The exported name for a facade label: other characters than `[a-zA-Z0-9_:]` become `_`, and `suffix` is added
    /// unless the name has it already.
    static func exported(_ label: String, suffix: String = "") -> String {
        let name = cleaned(label, allowsColon: true)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    /// A label's name.
    ///
    /// `le` belongs to histograms, so a dimension of that name gives way.
    static func label(_ dimension: String) -> String {
        dimension == "le" ? "le_" : cleaned(dimension, allowsColon: false)
    }

    private static func cleaned(_ text: String, allowsColon: Bool) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ":") where allowsColon:
                name.unicodeScalars.append(":")
            default:
                name.unicodeScalars.append("_")
            }
        }
        return name.isEmpty ? "_" : name
    }
}

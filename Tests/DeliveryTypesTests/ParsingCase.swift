import DeliveryTypes
import Testing

/// Options of a URL and what they change of an empty transformation.
struct ParsingCase: Sendable, CustomTestStringConvertible {
    let options: String
    let expected: Transformation

    init(_ options: String, _ change: (inout Transformation) -> Void = { _ in }) {
        self.options = options
        var expected = Transformation()
        change(&expected)
        self.expected = expected
    }

    var testDescription: String { options.isEmpty ? "(none)" : options }
}

import JSON

extension JSONValue {
    /// A whole number from 0 that a double holds exactly; `nil` for anything else.
    var wholeNumber: Int? {
        guard let double, double >= 0, double < 0x1p53, double.rounded(.towardZero) == double else { return nil }
        return Int(double)
    }
}

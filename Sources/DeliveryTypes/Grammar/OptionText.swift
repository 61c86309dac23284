/// The text of one option in a URL, as `canonicalOptions` writes it.
enum OptionText {
    /// `name:a:b`, without the empty arguments at its end.
    static func option(_ name: String, _ arguments: [String]) -> String {
        var kept = arguments[...]
        while kept.last?.isEmpty == true { kept.removeLast() }
        return kept.isEmpty ? name + ":" : name + ":" + kept.joined(separator: ":")
    }

    /// The shortest text that reads back as the same number.
    static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) { return String(whole) }
        return "\(value)"
    }

    /// Like `number`, and empty for `omitted`.
    static func number(_ value: Double, omitting omitted: Double) -> String {
        value == omitted ? "" : number(value)
    }

    static func integer(_ value: Int, omitting omitted: Int) -> String { value == omitted ? "" : String(value) }

    static func flag(_ value: Bool) -> String { value ? "1" : "0" }

    /// `anchor`, `x`, `y`; offsets of 0 are empty, a focus point is always written out.
    static func gravity(_ gravity: Gravity) -> [String] {
        if gravity.anchor == .focusPoint { return ["fp", number(gravity.x), number(gravity.y)] }
        return [gravity.anchor.rawValue, number(gravity.x, omitting: 0), number(gravity.y, omitting: 0)]
    }

    /// Like `gravity`, with all three empty for the middle without offsets.
    static func gravityOmittingCenter(_ gravity: Gravity) -> [String] {
        gravity == Gravity() ? ["", "", ""] : Self.gravity(gravity)
    }

    static func source(_ source: SourceReference) -> String { Base64URL.encode(source.text.utf8) }
}

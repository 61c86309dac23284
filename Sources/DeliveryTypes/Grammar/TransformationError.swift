/// Why a delivery URL cannot be used: the fault of whoever made the URL, answered with a 400 that names the option.
///
/// The text is safe to show: it repeats at most a short, cleaned piece of the URL.
package struct TransformationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The option as written in the URL (`rs`, `resize`, …), or the part of the URL that is wrong: `path`, `source`,
    /// `extension`.
    package let option: String
    /// What is wrong, beginning with a small letter and without a full stop.
    package let reason: String

    package init(option: some StringProtocol, reason: String) {
        self.option = Self.cleaned(option)
        self.reason = reason
    }

    /// One sentence for a person.
    package var description: String {
        switch option {
        case "path", "source", "extension": "The \(option) of the URL is wrong: \(reason)."
        default: "The option \"\(option)\" is wrong: \(reason)."
        }
    }

    /// A value in quotation marks as an error repeats it: shortened, and without characters that do not print.
    package static func quoted(_ value: some StringProtocol) -> String { "\"\(cleaned(value))\"" }

    private static func cleaned(_ value: some StringProtocol) -> String {
        var text = ""
        for (count, scalar) in value.unicodeScalars.enumerated() {
            if count == GrammarLimits.quotedCharactersMax { return text + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                text.unicodeScalars.append("\u{FFFD}")
            default:
                text.unicodeScalars.append(scalar == "\"" ? "'" : scalar)
            }
        }
        return text
    }
}

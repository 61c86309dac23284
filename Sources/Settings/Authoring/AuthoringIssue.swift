package import JSON

/// Something to tell the author of a project.
package struct AuthoringIssue: Equatable, Sendable {
    package enum Severity: String, Sendable {
        /// Publishing is refused.
        case error
        /// Published, but probably not what was meant.
        case warning
    }

    package let severity: Severity
    /// The setting; `nil` for the project as a whole.
    package let feature: ExactString?
    /// Index of the rule, from 0.
    package let rule: Int?
    /// The field, dotted: `weights`, `condition.country.$regex`.
    package let field: String?
    /// What is wrong and what to do: one or two sentences.
    package let message: String

    /// The whole message: which setting, which rule, what.
    package var description: String {
        var place = feature.map { "setting \"\($0.text)\"" } ?? "project"
        if let rule { place += ", rule \(rule + 1)" }
        if let field { place += ", \(field)" }
        return "\(place): \(message)"
    }
}

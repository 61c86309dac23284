/// Something wrong or doubtful in a features file, with its place and what to do about it.
package struct PublicationIssue: Hashable, Sendable, Codable {
    package enum Severity: String, Hashable, Sendable, Codable {
        /// The file cannot be published.
        case error
        case warning
    }

    package var severity: Severity
    /// The setting; `nil` if the issue is not about one.
    package var feature: String?
    /// Index of the rule in the setting, from 0; `nil` if it is not about one.
    package var rule: Int?
    /// The member at fault, such as `weights`.
    package var field: String?
    /// What is wrong and what would be right; a sentence.
    package var message: String

    package init(severity: Severity, feature: String? = nil, rule: Int? = nil, field: String? = nil, message: String) {
        self.severity = severity
        self.feature = feature
        self.rule = rule
        self.field = field
        self.message = message
    }

    /// Such as `error: feature "checkout", rule 3, weights: …`: the place first, rules counted from 1.
    package var text: String {
        var place: [String] = []
        if let feature { place.append("feature \"\(feature)\"") }
        if let rule { place.append("rule \(rule + 1)") }
        if let field { place.append(field) }
        return severity.rawValue + ": " + (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + message
    }
}

import FoundationEssentials
import Publication

/// What the admin interface answers, as far as the commands show it.
enum SettingsAnswers {
    struct Outcome: Decodable {
        var app: String
        var number: Int
        var entry: PublishedEntry
        var dryRun: Bool
        var first: Bool
        var clientKey: String?
        var serverKey: String?
        var warnings: [PublicationIssue]

        var lines: [String] {
            var lines: [String] = []
            let verb = dryRun ? "would publish" : "published"
            var line = "\(verb) \(app) number \(number) (\(entry.summary.text))"
            if let old = entry.rollbackOf { line += ", rolled back to number \(old)" }
            lines.append(line)
            if let clientKey { lines.append("client key: \(clientKey)") }
            if let serverKey { lines.append("server key: \(serverKey)") }
            if clientKey != nil || serverKey != nil { lines.append("Keep the keys: they are not shown again.") }
            return lines
        }
    }

    struct Log: Decodable {
        var entries: [PublishedEntry]
        var next: Int?
    }

    struct Change: Decodable {
        var name: String
        var oldDefault: String?
        var newDefault: String?
        var rulesAdded: Int
        var rulesRemoved: Int
        var rulesChanged: Int
        var reordered: Bool
        var members: [String]

        var text: String {
            var parts: [String] = []
            if let oldDefault, let newDefault, oldDefault != newDefault {
                parts.append("\(oldDefault) \u{2192} \(newDefault)")
            }
            if rulesAdded + rulesRemoved + rulesChanged > 0 {
                parts.append("rules +\(rulesAdded) \u{2212}\(rulesRemoved) ~\(rulesChanged)")
            }
            if reordered { parts.append("rules reordered") }
            let others = members.filter { $0 != "defaultValue" && $0 != "rules" }
            if !others.isEmpty { parts.append(others.joined(separator: ", ")) }
            return name + (parts.isEmpty ? "" : ": " + parts.joined(separator: "; "))
        }
    }

    struct Diff: Decodable {
        var summary: DiffSummary
        var added: [Change]
        var removed: [Change]
        var changed: [Change]
        var groups: [String]
        var members: [String]
        var truncated: Bool

        var lines: [String] {
            var lines = [summary.text]
            lines += added.map { "+ \($0.name)" + ($0.newDefault.map { ": " + $0 } ?? "") }
            lines += removed.map { "- \($0.name)" }
            lines += changed.map { "~ " + $0.text }
            lines += groups.map { "~ group \($0)" } + members.map { "~ member \($0)" }
            if truncated { lines.append("\u{2026} and more") }
            return lines
        }
    }

    struct Compared: Decodable {
        var diff: Diff
    }

    struct Key: Decodable {
        var kind: KeyKind
        var hint: String
        var created: Int64
        var expires: Int64?
        var isValid: Bool

        var text: String {
            let end = expires.map { isValid ? "until " + Self.time($0) : "expired " + Self.time($0) } ?? "in force"
            return "\(kind.rawValue)  \(hint)\u{2026}  made \(Self.time(created))  \(end)"
        }

        private static func time(_ milliseconds: Int64) -> String { SettingsAnswers.time(milliseconds) }
    }

    struct Keys: Decodable {
        var keys: [Key]
    }

    struct Fresh: Decodable {
        var kind: KeyKind
        var key: String
    }

    struct Sweep: Decodable {
        var dryRun: Bool
        var records: Int
        var inUse: Int
        var young: Int
        var swept: Int
        var sweptBytes: Int

        var text: String {
            "\(dryRun ? "would sweep" : "swept") \(swept) of \(records) records (\(sweptBytes) bytes); "
                + "\(inUse) in use, \(young) too young"
        }
    }

    static func text(_ entry: PublishedEntry) -> String {
        var text = "\(entry.number)  \(time(entry.published))  \(entry.author)  \(entry.summary.text)"
        if let old = entry.rollbackOf { text += "  rolled back to \(old)" }
        if let comment = entry.comment {
            text += "  \u{201c}" + comment.split(separator: "\n").joined(separator: " ") + "\u{201d}"
        }
        return text
    }

    static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }
}

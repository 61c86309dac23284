/// Reads `--name value`, `--name=value`, `--switch` and `--switch off` by the parameter table.
struct FlagParser {
    /// Values by parameter name.
    private(set) var values: [String: String] = [:]
    /// Values of names that belong to the command and not to the table.
    private(set) var own: [String: String] = [:]
    /// Everything that is not a flag, in order.
    private(set) var operands: [String] = []
    private(set) var wantsHelp = false

    /// Besides the table's, `ownFlags` are the command's own flags that take a value, and `ownSwitches` those without.
    ///
    /// - Throws: `ConfigurationError` naming an unknown flag, with the closest known one.
    init(_ arguments: [String], ownFlags: Set<String> = [], ownSwitches: Set<String> = []) throws(ConfigurationError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" || argument == "-h" {
                wantsHelp = true
                continue
            }
            guard argument.hasPrefix("--"), argument != "--" else {
                if argument != "--" { operands.append(argument) }
                continue
            }
            let pair = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(pair[0])
            if ownSwitches.contains(name), pair.count == 1 {
                own[name] = "true"
                continue
            }
            let parameter = Parameter.all.first { $0.name == name }
            guard ownFlags.contains(name) || parameter != nil else {
                let known = Parameter.all.map(\.name) + ownFlags.sorted() + ownSwitches.sorted()
                let close = known.min { Self.distance($0, name) < Self.distance($1, name) }
                let hint = close.map { Self.distance($0, name) <= 3 ? "; did you mean --\($0)?" : "" } ?? ""
                throw ConfigurationError(problems: ["unknown flag --\(name)\(hint)"])
            }
            let value: String
            if pair.count == 2 {
                value = String(pair[1])
            } else if parameter?.kind == .switched {
                // `--name`, `--name=false` and `--name false` all work.
                let hasValue = rest.first.map { Self.truthWords.contains($0.lowercased()) } ?? false
                value = hasValue ? rest.removeFirst() : "true"
            } else if let next = rest.popFirst() {
                value = next
            } else {
                throw ConfigurationError(problems: ["--\(name) needs a value"])
            }
            if ownFlags.contains(name) { own[name] = value } else { values[name] = value }
        }
    }

    private static let truthWords: Set<String> = ["true", "false", "on", "off", "yes", "no", "1", "0"]

    /// Levenshtein's edit distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let target = Array(right)
        var row = Array(0...target.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (character == target[column] ? 0 : 1))
                diagonal = above
            }
        }
        return row[target.count]
    }
}

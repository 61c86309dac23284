/// docs/operations/parameters.md, made from the table.
enum ParameterPage {
    static var markdown: String {
        var lines = [
            "# Parameters",
            "",
            "Made by `vitrine config parameters`; a test fails when this page is stale. Each setting is a flag",
            "`--name`, an environment variable and a YAML key `name`; a flag wins over the environment, that over",
            "the file.",
            "",
            "| name | kind | default | environment | meaning |",
            "|---|---|---|---|---|",
        ]
        for parameter in Parameter.all {
            let fallback = parameter.fallback.map { "`\($0)`" } ?? "–"
            let secret = parameter.isSecret ? " Secret: never printed or logged." : ""
            lines.append(
                "| `\(parameter.name)` | \(parameter.kind.rawValue) | \(fallback) | `\(parameter.environmentName)` | "
                    + parameter.help + secret + " |"
            )
        }
        return lines.joined(separator: "\n")
    }
}

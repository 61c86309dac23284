import ArgumentParser
import HTTPSemantics
import Origin

/// `vitrine config check` and `vitrine config print`: what is in force and where it came from.
struct ConfigCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check the settings, or print those in force with their origin."
    )
    static let usage = "config check|print|parameters [--json] [settings]"
    static let ownSwitches = [(name: "json", help: "Print one JSON object.")]

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        switch flags.operands {
        case ["check"]:
            _ = try ServeConfiguration(parameters)
            Terminal.say("The settings are valid.")
        case ["print"]:
            printTable(parameters.table, asJSON: flags.own["json"] != nil)
        case ["parameters"]:
            Terminal.say(ParameterPage.markdown)
        default:
            throw CommandFailure(message: "usage: vitrine \(Self.usage)", exitCode: 64)
        }
    }

    private func printTable(_ table: [(name: String, value: String?, origin: String)], asJSON: Bool) {
        if asJSON {
            let members = table.map { row in
                let value = row.value.map(JSONText.quoted) ?? "null"
                return
                    "  \(JSONText.quoted(row.name)): {\"value\": \(value), \"origin\": \(JSONText.quoted(row.origin))}"
            }
            Terminal.say("{\n" + members.joined(separator: ",\n") + "\n}")
            return
        }
        let names = (table.map(\.name.count).max() ?? 0) + 2
        let values = min(44, (table.map { ($0.value ?? "-").count }.max() ?? 0) + 2)
        for row in table {
            let value = row.value ?? "-"
            let first = row.name + String(repeating: " ", count: names - row.name.count)
            Terminal.say(first + value + String(repeating: " ", count: max(1, values - value.count)) + row.origin)
        }
    }
}

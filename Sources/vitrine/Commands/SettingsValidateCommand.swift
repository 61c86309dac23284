import ArgumentParser
import FoundationEssentials
import Publication

/// `vitrine settings validate`: checks a features file on this machine, without a server.
struct SettingsValidateCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a features file without publishing it."
    )
    static let usage = "settings validate [--json] features.json"
    static let ownSwitches = [(name: "json", help: "Print the errors and warnings as a JSON array.")]
    static let shownParameters: Set<String>? = []

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        guard flags.operands.count == 1 else {
            throw CommandFailure(message: "usage: vitrine \(Self.usage)", exitCode: 64)
        }
        let features = try FeaturesFile.read(flags.operands[0])
        let issues: [PublicationIssue]
        do throws(PublicationError) {
            issues = try ReleaseFormat.settings(packing: nil).compile(features).warnings
        } catch {
            guard case .invalidDocument(let found) = error else { throw CommandFailure(message: error.description) }
            issues = found
        }
        let errors = issues.filter { $0.severity == .error }
        if flags.own["json"] != nil {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Terminal.say(String(decoding: try encoder.encode(issues), as: UTF8.self))
        } else {
            for issue in issues { Terminal.say(issue.text) }
        }
        guard errors.isEmpty else {
            let count = "\(errors.count) error" + (errors.count == 1 ? "" : "s")
            throw CommandFailure(message: "\(flags.operands[0]) has \(count)")
        }
        if flags.own["json"] == nil { Terminal.say("\(flags.operands[0]) can be published.") }
    }
}

import ArgumentParser
import Glibc

/// The one binary: every role and every tool of Vitrine is a subcommand.
///
/// Promises: a wrong call or setting is one clear text on standard error and exit code 64, work that failed is exit
/// code 1, and nothing else writes to standard error but the log. Costs: parsing arguments and settings, some
/// milliseconds. May fail: as the command says.
@main
struct Vitrine: AsyncParsableCommand {
    /// Shown by `--version` and part of every rendition's entity tag.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "vitrine",
        abstract: "Pictures of every size and format, delivered from the edge.",
        discussion: """
            Settings are flags, environment variables (VITRINE_…) or keys of a YAML file (--config FILE); \
            "vitrine config print" shows what is in force and where it came from.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, ImportCommand.self, RenderCommand.self, URLCommand.self, PurgeCommand.self,
            SettingsCommand.self, UsageCommand.self,
            ConfigCommand.self, DoctorCommand.self, SimulateCommand.self, RenderWorkerCommand.self,
        ]
    )

    /// Runs the command; a problem with settings or input is one clear text on standard error and exit code 1 or 64.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as ConfigurationError {
            Terminal.complain(error.description)
            Glibc.exit(64)
        } catch let error as CommandFailure {
            Terminal.complain(error.message)
            Glibc.exit(error.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}

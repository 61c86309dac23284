import ArgumentParser
import AsyncHTTPClient
import Configuration
import DeliveryTypes
import Hummingbird
import ServiceLifecycle

/// The one binary: every role and every tool of Vitrine is a subcommand.
@main
struct Vitrine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vitrine",
        abstract: "Pictures, delivered from the edge."
    )
    mutating func run() async throws {}
}

import ArgumentParser
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import Wire

/// `vitrine purge`: has a running edge, and through it the whole region, forget responses.
struct PurgeCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Have the edge forget stored responses, on every node of the region."
    )
    static let usage = "purge --url URL | --prefix URL | --tag TAG | --everything [--soft] [--admin http://HOST:PORT]"
    static let ownFlags = [
        (name: "url", help: "One URL, as viewers ask for it; all its variants."),
        (name: "prefix", help: "All URLs that begin so."),
        (name: "tag", help: "All responses with a tag, such as original:ID or one of Surrogate-Key."),
        AdminClient.adminFlag,
    ]
    static let ownSwitches = [
        (name: "everything", help: "All responses."),
        (name: "soft", help: "Mark them stale only: served while they are fetched again, or if the origin fails."),
        (name: "dry-run", help: "Say what would be sent, and send nothing."),
        (name: "json", help: "Print the server's answer as JSON."),
    ]
    static let shownParameters: Set<String>? = AdminClient.parameters

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let order = try Self.order(flags)
        let client = try AdminClient(flags, try ServeConfiguration(parameters))
        let target = client.target
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = Array(try encoder.encode(order))
        if flags.own["dry-run"] != nil {
            Terminal.say("POST \(target)/admin/purge\n" + String(decoding: body, as: UTF8.self))
            return
        }
        let (status, bytes) = try await client.send(.post, "/admin/purge", body: body)
        guard status == 200 else {
            throw client.refusal(status, bytes, missing: "has no edge: is this the admin listener of one?")
        }
        let answer: PurgeAnswer
        do {
            answer = try JSONDecoder().decode(PurgeAnswer.self, from: Data(bytes))
        } catch {
            throw CommandFailure(message: "\(target) is not a Vitrine admin listener: its answer is not a purge's")
        }
        if flags.own["json"] != nil {
            Terminal.say(String(decoding: bytes, as: UTF8.self).split(separator: "\n").joined())
        } else {
            for line in answer.lines { Terminal.say(line) }
        }
        if !answer.complete {
            throw CommandFailure(message: "not every node was told; repeat the purge, which does no harm")
        }
    }

    /// - Throws: `CommandFailure` with exit code 64 for anything but one scope.
    private static func order(_ flags: FlagParser) throws(CommandFailure) -> PurgeOrder {
        var order = PurgeOrder()
        order.url = flags.own["url"]
        order.prefix = flags.own["prefix"]
        order.tag = flags.own["tag"]
        if flags.own["everything"] != nil { order.everything = true }
        order.mode = flags.own["soft"] == nil ? "hard" : "soft"
        order.author = ProcessInfo.processInfo.environment["USER"].map { $0 + " (vitrine purge)" } ?? "vitrine purge"
        guard flags.operands.isEmpty else { throw CommandFailure(message: "usage: vitrine \(usage)", exitCode: 64) }
        do throws(ProblemDocument) {
            _ = try order.rule()
        } catch {
            throw CommandFailure(message: error.detail + " usage: vitrine \(usage)", exitCode: 64)
        }
        return order
    }
}

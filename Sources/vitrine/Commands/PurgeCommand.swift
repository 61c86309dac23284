import ArgumentParser
import Fleet
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import NIOCore
import NIOPosix
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
        (name: "admin", help: "The server's admin listener. Default: the setting admin-listen."),
    ]
    static let ownSwitches = [
        (name: "everything", help: "All responses."),
        (name: "soft", help: "Mark them stale only: served while they are fetched again, or if the origin fails."),
        (name: "dry-run", help: "Say what would be sent, and send nothing."),
        (name: "json", help: "Print the server's answer as JSON."),
    ]
    static let shownParameters: Set<String>? = ["admin-listen", "token", "data"]

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

    func run(flags: FlagParser, parameters: ResolvedParameters) async throws {
        let configuration = try ServeConfiguration(parameters)
        let order = try Self.order(flags)
        let listener = configuration.adminListener
        let admin = flags.own["admin"] ?? "http://\(Self.authority(listener.host)):\(listener.port)"
        let target = try Self.target(admin)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try encoder.encode(order)
        if flags.own["dry-run"] != nil {
            Terminal.say("POST \(target)/admin/purge\n" + String(decoding: body, as: UTF8.self))
            return
        }
        let (status, text) = try await Self.send(body, to: target, token: try Self.token(configuration))
        guard status == 200 else { throw Self.refusal(status, text, target) }
        let answer: PurgeAnswer
        do {
            answer = try JSONDecoder().decode(PurgeAnswer.self, from: Data(text.utf8))
        } catch {
            throw CommandFailure(message: "\(target) is not a Vitrine admin listener: its answer is not a purge's")
        }
        if flags.own["json"] != nil {
            Terminal.say(text.split(separator: "\n").joined())
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

    /// - Throws: `CommandFailure` unless the text is `http(s)://HOST[:PORT]`.
    private static func target(_ text: String) throws(CommandFailure) -> UpstreamTarget {
        do throws(FleetError) {
            let node = try Node(peer: text.hasSuffix("/") ? String(text.dropLast()) : text)
            return UpstreamTarget(host: node.host, port: node.port, isTLS: node.scheme == .https)
        } catch {
            throw CommandFailure(message: "--admin \"\(text)\" is not http(s)://HOST[:PORT]", exitCode: 64)
        }
    }

    /// A listener on every address is asked on this machine's own.
    private static func authority(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "*", "": "127.0.0.1"
        case "::": "[::1]"
        default: host.contains(":") ? "[\(host)]" : host
        }
    }

    /// The first token in force, if there is one: in unsafe mode none is needed.
    private static func token(_ configuration: ServeConfiguration) throws -> String? {
        if let token = configuration.tokens.first { return token }
        return try Secrets.load(path: configuration.dataFolder + "/secrets.json")?.tokens.first
    }

    private static func send(
        _ body: Data,
        to target: UpstreamTarget,
        token: String?
    ) async throws -> (status: Int, text: String) {
        var request = HTTPRequest(
            method: .post,
            scheme: target.isTLS ? "https" : "http",
            authority: target.authority,
            path: "/admin/purge"
        )
        request.headerFields[.contentType] = "application/json"
        if let token { request.headerFields[.authorization] = "Bearer \(token)" }
        var timeouts = UpstreamTimeouts()
        timeouts.connect = .seconds(5)
        timeouts.whole = .seconds(30)
        let pool = try UpstreamPool(group: MultiThreadedEventLoopGroup.singleton)
        let result: Result<(status: Int, text: String), UpstreamError>
        do throws(UpstreamError) {
            let response = try await pool.exchange(
                request,
                body: .bytes(ByteBuffer(bytes: body)),
                to: target,
                timeouts: timeouts
            )
            result = .success((response.head.status.code, try await text(of: response.body)))
        } catch {
            result = .failure(error)
        }
        await pool.shutdown()
        do throws(UpstreamError) {
            return try result.get()
        } catch {
            let hint = error == .connectionRefused ? "; is the server running, and is this its admin listener?" : ""
            throw CommandFailure(message: "\(target) cannot be asked: \(error.detail)\(hint)")
        }
    }

    private static let answerBytesMax = 1_048_576

    private static func text(of body: UpstreamBody) async throws(UpstreamError) -> String {
        var whole = ByteBuffer()
        var iterator = body.makeAsyncIterator()
        while whole.readableBytes < answerBytesMax, var piece = try await iterator.next() { whole.writeBuffer(&piece) }
        return String(buffer: whole)
    }

    /// What a refused purge means, in the words of the server's problem document where it sent one.
    private static func refusal(_ status: Int, _ text: String, _ target: UpstreamTarget) -> CommandFailure {
        struct Problem: Decodable {
            var title: String
            var detail: String?
        }
        // Anything else than a problem document is some other server's page; its status has to do.
        let problem = try? JSONDecoder().decode(Problem.self, from: Data(text.utf8))
        let reason = problem.map { "\($0.title). \($0.detail ?? "")" }
        switch status {
        case 404: return CommandFailure(message: "\(target) has no edge (404): is this the admin listener of one?")
        case 401, 403: return CommandFailure(message: "\(target) refuses (\(status)): \(reason ?? "give --token")")
        default: return CommandFailure(message: "\(target) answered \(status)" + (reason.map { ": " + $0 } ?? ""))
        }
    }
}

import Fleet
import FoundationEssentials
import HTTPTypes
import NIOCore
import NIOPosix
import Wire

/// Asks the admin listener of a running server, for the commands that do.
struct AdminClient {
    /// What a command's `--admin` means, for its help.
    static let adminFlag = (name: "admin", help: "The server's admin listener. Default: the setting admin-listen.")
    /// The settings that say where the listener is and what to show it.
    static let parameters: Set<String> = ["admin-listen", "token", "data"]
    /// The longest answer that is read, in bytes.
    private static let answerBytesMax = 96 << 20

    let target: UpstreamTarget
    /// `nil` where none is configured: in unsafe mode none is needed.
    private let token: String?

    /// - Throws: `CommandFailure` with exit code 64 unless `--admin` is `http(s)://HOST[:PORT]`.
    init(_ flags: FlagParser, _ configuration: ServeConfiguration) throws {
        let listener = configuration.adminListener
        let admin = flags.own["admin"] ?? "http://\(Self.authority(listener.host)):\(listener.port)"
        target = try Self.target(admin)
        token = try Self.token(configuration)
    }

    /// Sends one request; the answer's status and body.
    ///
    /// `seconds` is the time for all of it.
    ///
    /// - Throws: `CommandFailure` that says why nobody answered.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: [UInt8] = [],
        seconds: Int64 = 30
    ) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPRequest(
            method: method,
            scheme: target.isTLS ? "https" : "http",
            authority: target.authority,
            path: path
        )
        if !body.isEmpty { request.headerFields[.contentType] = "application/json" }
        if let token { request.headerFields[.authorization] = "Bearer \(token)" }
        var timeouts = UpstreamTimeouts()
        timeouts.connect = .seconds(5)
        timeouts.head = .seconds(seconds)
        timeouts.whole = .seconds(seconds)
        let pool = try UpstreamPool(group: MultiThreadedEventLoopGroup.singleton)
        let result: Result<(status: Int, body: [UInt8]), UpstreamError>
        do throws(UpstreamError) {
            let response = try await pool.exchange(
                request,
                body: body.isEmpty ? nil : .bytes(ByteBuffer(bytes: body)),
                to: target,
                timeouts: timeouts
            )
            result = .success((response.head.status.code, try await Self.bytes(of: response.body)))
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

    /// What a refusal means, in the words of the server's problem document where it sent one.
    ///
    /// `missing` is what it means if there is nothing at the path.
    func refusal(_ status: Int, _ body: [UInt8], missing: String) -> CommandFailure {
        struct Problem: Decodable {
            var type: String?
            var title: String
            var detail: String?
        }
        // Anything else than a problem document is some other server's page; its status has to do.
        let problem = try? JSONDecoder().decode(Problem.self, from: Data(body))
        let reason = problem.map { "\($0.title). \($0.detail ?? "")" }
        switch status {
        case 404 where problem?.type?.contains("/settings-") != true:
            return CommandFailure(message: "\(target) \(missing) (404)")
        case 401, 403: return CommandFailure(message: "\(target) refuses (\(status)): \(reason ?? "give --token")")
        default: return CommandFailure(message: "\(target) answered \(status)" + (reason.map { ": " + $0 } ?? ""))
        }
    }

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

    /// The first token in force, if there is one.
    private static func token(_ configuration: ServeConfiguration) throws -> String? {
        if let token = configuration.tokens.first { return token }
        return try Secrets.load(path: configuration.dataFolder + "/secrets.json")?.tokens.first
    }

    private static func bytes(of body: UpstreamBody) async throws(UpstreamError) -> [UInt8] {
        var whole: [UInt8] = []
        var iterator = body.makeAsyncIterator()
        while whole.count < answerBytesMax, let piece = try await iterator.next() {
            whole += piece.readableBytesView
        }
        return whole
    }
}

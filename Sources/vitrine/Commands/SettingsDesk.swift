import FoundationEssentials
import HTTPTypes
import Publication

/// What the commands of `vitrine settings` have in common: an app, and the admin interface of a running server.
struct SettingsDesk {
    static let appFlag = (name: "app", help: "The app: [a-z0-9][a-z0-9._-]{0,62}.")
    static let jsonSwitch = (name: "json", help: "Print the server's answer as JSON.")
    static let publishFlags = [
        (name: "expect", help: "The number that must be in force (0: none); else nothing is published."),
        (name: "author", help: "Whoever publishes, for the audit trail. Default: the user's name."),
        (name: "comment", help: "Why, for the audit trail."),
    ]

    private let client: AdminClient
    private let flags: FlagParser

    /// - Throws: `CommandFailure` with exit code 64 for a wrong call.
    init(_ flags: FlagParser, _ parameters: ResolvedParameters, operands: ClosedRange<Int>, usage: String) throws {
        guard operands.contains(flags.operands.count) else {
            throw CommandFailure(message: "usage: vitrine \(usage)", exitCode: 64)
        }
        self.flags = flags
        client = try AdminClient(flags, try ServeConfiguration(parameters))
    }

    /// - Throws: `CommandFailure` with exit code 64 if there is none, or one that cannot be.
    func app() throws(CommandFailure) -> AppName {
        guard let text = flags.own["app"] else { throw CommandFailure(message: "--app NAME is missing", exitCode: 64) }
        guard let app = AppName(text) else {
            throw CommandFailure(
                message: "--app \"\(text)\" cannot be: 1 to 63 of a-z, 0-9, '.', '_' and '-', first a letter or digit",
                exitCode: 64
            )
        }
        guard !AppName.reserved.contains(text) else {
            throw CommandFailure(message: "no app can be called \(text)", exitCode: 64)
        }
        return app
    }

    /// - Throws: `CommandFailure` with exit code 64 for what is no whole number of at least `least`.
    func number(_ name: String, least: Int) throws(CommandFailure) -> Int? {
        guard let text = flags.own[name] else { return nil }
        guard let number = Int(text), number >= least else {
            throw CommandFailure(message: "--\(name) is a whole number from \(least)", exitCode: 64)
        }
        return number
    }

    /// A time such as `45s`, `90m`, `12h` or `30d`, in seconds.
    func seconds(_ name: String) throws(CommandFailure) -> Int? {
        guard let text = flags.own[name] else { return nil }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0,
            count <= 100_000_000
        else {
            throw CommandFailure(message: "--\(name) is a time such as 45s, 90m, 12h or 30d", exitCode: 64)
        }
        return count * unit
    }

    func isOn(_ name: String) -> Bool { flags.own[name] != nil }

    /// What publishes and roll-backs say of themselves.
    func publishQuery() throws(CommandFailure) -> [(String, String)] {
        let user = ProcessInfo.processInfo.environment["USER"]
        var query = [("author", flags.own["author"] ?? user ?? "vitrine settings")]
        if let number = try number("expect", least: 0) { query.append(("expect", String(number))) }
        if let comment = flags.own["comment"] { query.append(("comment", comment)) }
        if isOn("dry-run") { query.append(("dry-run", "1")) }
        return query
    }

    /// Asks for a path below `/admin/settings`; the answer's body.
    ///
    /// - Throws: `CommandFailure` with the server's reason for anything but success.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: [(String, String)] = [],
        body: [UInt8] = [],
        seconds: Int64 = 30
    ) async throws -> [UInt8] {
        let text = query.map { $0.0 + "=" + Self.escaped($0.1) }.joined(separator: "&")
        let whole = "/admin/settings" + path + (text.isEmpty ? "" : "?" + text)
        let (status, answer) = try await client.send(method, whole, body: body, seconds: seconds)
        guard (200...299).contains(status) else { throw failure(status, answer) }
        return answer
    }

    /// The answer as a value.
    ///
    /// - Throws: `CommandFailure` if it is none.
    func read<Value: Decodable>(_ type: Value.Type, _ answer: [UInt8]) throws(CommandFailure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(answer))
        } catch {
            throw CommandFailure(message: "\(client.target) is not a Vitrine admin listener: its answer is another's")
        }
    }

    /// Prints the answer as it came, on one line.
    static func say(_ answer: [UInt8]) {
        Terminal.say(String(decoding: answer, as: UTF8.self).split(separator: "\n").joined())
    }

    /// A problem with its issues, one line each.
    private func failure(_ status: Int, _ answer: [UInt8]) -> CommandFailure {
        struct Problem: Decodable {
            var issues: [PublicationIssue]
        }
        var failure = client.refusal(
            status,
            answer,
            missing: "publishes no settings: is this the admin listener of an origin?"
        )
        // Most problems have no issues.
        if let problem = try? JSONDecoder().decode(Problem.self, from: Data(answer)) {
            failure.message += problem.issues.map { "\n  " + $0.text }.joined()
        }
        return failure
    }

    /// Percent-encoded but for unreserved characters (RFC 3986 §2.3).
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": escaped.unicodeScalars.append(scalar)
            default: escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}

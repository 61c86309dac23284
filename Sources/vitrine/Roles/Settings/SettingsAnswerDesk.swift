import Assignments
import Edge
import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
import Publication
import SettingsDelivery

/// What operators and the page ask about settings, and have changed: publishing where the origin is, evaluating and
/// figures where the edge is.
///
///     …                                     as `SettingsAdmin` lists, beside the origin
///     POST   /admin/settings/APP/evaluate   key; the body is a request's: values and why, setting by setting
///     GET    /admin/settings/APP/exposures  exposures by experiment and variation, as this node saw them
///     DELETE /admin/settings/APP/users      attribute (default id), value: forgets what is kept of a user
///     GET    /admin/settings/node           what this node serves, from where, and how fresh
///     GET    /admin/pictures/arms           what the pictures of each arm cost
///     GET    /admin/shadow                  the shadow measurement
struct SettingsAnswerDesk: Sendable {
    /// Bodies of requests to be evaluated.
    static let bodyBytesMax = SettingsAdmin.bodyBytesMax

    /// `nil` away from the origin.
    let admin: SettingsAdmin?
    /// `nil` away from the edge.
    let node: SettingsNode?
    let trial: PictureTrial?

    struct Answer: Sendable {
        var status: HTTPResponse.Status = .ok
        var mediaType = "application/json"
        var allow: String?
        var body: [UInt8]

        init(_ text: String) { body = Array(text.utf8) }

        init(_ answer: SettingsAdminAnswer) {
            status = answer.status
            mediaType = answer.mediaType
            allow = answer.allow
            body = answer.body
        }
    }

    /// `nil` for a path that is none of these; `target` is a path below `/admin/`, with its query.
    func answer(
        _ method: HTTPRequest.Method,
        _ target: String,
        _ body: [UInt8],
        author: String
    ) async throws(ProblemDocument) -> Answer? {
        let mark = target.firstIndex(of: "?") ?? target.endIndex
        let path = String(target[..<mark])
        let query = mark == target.endIndex ? "" : String(target[target.index(after: mark)...])
        if let node, let answer = try await nodeAnswer(node, method, path, query, body) { return answer }
        let answer = await admin?.answer(method: method, path: path, query: query, body: body, author: author)
        return answer.map { Answer($0) }
    }

    private func nodeAnswer(
        _ node: SettingsNode,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ query: String,
        _ body: [UInt8]
    ) async throws(ProblemDocument) -> Answer? {
        let segments = path.split(separator: "/").map(String.init)
        switch (method, segments.count, segments.last) {
        case (.get, 2, "shadow"): return Answer((node.shadow?.report.json ?? "null") + "\n")
        case (.get, 3, "arms") where segments[1] == "pictures": return Answer(Self.text(trial?.ledger.reading ?? []))
        case (.get, 3, "node") where segments[1] == "settings": return Answer(SettingsNodeText.text(node))
        case (.post, 4, "evaluate"):
            return try await evaluate(node, app(node, segments[2]), Self.parameter("key", query), body)
        case (.get, 4, "exposures"):
            return Answer(Self.text(node.exposures.deduplicator.counts(app: segments[2])))
        case (.delete, 4, "users"): return try await forget(node, segments[2], query)
        default: return nil
        }
    }

    private func app(_ node: SettingsNode, _ name: String) throws(ProblemDocument) -> ServedApp {
        if let app = node.directory.app(named: name) { return app }
        throw ProblemDocument(
            "unknown-app",
            status: .notFound,
            title: "Unknown app",
            detail: "This node serves no settings of \"\(name)\"; publish some with \"vitrine settings publish\"."
        )
    }

    private func evaluate(
        _ node: SettingsNode,
        _ app: ServedApp,
        _ key: String?,
        _ body: [UInt8]
    ) async throws(ProblemDocument) -> Answer {
        do throws(SettingsProblem) {
            let request = try SettingsRequest(document: body, limits: node.limits)
            let only = key.map { ExactString($0) }
            let now = WallClockTime.milliseconds()
            let bytes = await node.routes.explain(request, of: app, only: only, now: now)
            return Answer(String(decoding: bytes, as: UTF8.self) + "\n")
        } catch {
            throw error.document
        }
    }

    private func forget(_ node: SettingsNode, _ app: String, _ query: String) async throws(ProblemDocument) -> Answer {
        let attribute = Self.parameter("attribute", query) ?? "id"
        guard let value = Self.parameter("value", query), !value.isEmpty,
            let key = UserKey(app: app, attribute: ExactString(attribute), value: ExactString(value))
        else {
            throw ProblemDocument(
                "bad-request",
                status: .badRequest,
                title: "Bad request",
                detail: "Name the user: ?value=ID, and ?attribute=NAME where it is not \"id\"."
            )
        }
        let nodes: [PurgeService.NodeOutcome]
        do throws(AssignmentsError) {
            nodes = try await node.forgetting.forget(.init(app: app, attribute: attribute, value: value), key)
        } catch {
            throw ProblemDocument(
                "store-failed",
                status: .serviceUnavailable,
                title: "Storage failed",
                detail: "What is kept of the user may still be there, repeat the request: \(error)."
            )
        }
        let list = nodes.map { outcome in
            let reason = outcome.reason.map { ",\"reason\":" + JSONText.quoted($0) } ?? ""
            return "{\"node\":\(JSONText.quoted(outcome.node)),\"done\":\(outcome.isDone)\(reason)}"
        }
        let isComplete = nodes.allSatisfy(\.isDone)
        return Answer(
            "{\"forgotten\":true,\"complete\":\(isComplete),\"nodes\":[\(list.joined(separator: ","))]}\n"
        )
    }

    // MARK: Text

    private static func text(_ counts: [ExposureCount]) -> String {
        let rows = counts.map { count in
            "{\"app\":\(JSONText.quoted(count.app)),\"experiment\":\(JSONText.quoted(count.experiment.text)),"
                + "\"variation\":\(JSONText.quoted(count.variation.text)),"
                + "\"exposures\":\(count.exposures),\"units\":\(count.units)}"
        }
        return "{\"exposures\":[" + rows.joined(separator: ",") + "]}\n"
    }

    private static func text(_ rows: [ArmLedger.Row]) -> String {
        let rows = rows.map { row in
            "{\"experiment\":\(JSONText.quoted(row.experiment)),\"variation\":\(JSONText.quoted(row.variation)),"
                + "\"hits\":\(text(row.hits)),\"misses\":\(text(row.misses))}"
        }
        return "{\"arms\":[" + rows.joined(separator: ",") + "]}\n"
    }

    private static func text(_ figures: ArmLedger.Figures) -> String {
        func number(_ value: Double?) -> String { value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null" }
        return "{\"pictures\":\(figures.pictures),\"bytes\":\(figures.bytes),"
            + "\"meanBytes\":\(number(figures.meanBytes)),\"meanMilliseconds\":\(number(figures.meanMilliseconds)),"
            + "\"p50Milliseconds\":\(number(figures.milliseconds(within: 0.5))),"
            + "\"p95Milliseconds\":\(number(figures.milliseconds(within: 0.95)))}"
    }

    /// A parameter of a query, decoded; `nil` without one.
    private static func parameter(_ name: String, _ query: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0] == name else { continue }
            return decoded(parts.count > 1 ? parts[1] : "")
        }
        return nil
    }

    /// `nil` for what is not percent-encoded UTF-8; `+` is a space, as forms write it.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

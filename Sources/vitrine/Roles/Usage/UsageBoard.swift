import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Origin
import Warehouse
import Wire

/// `GET /v1/usage/state`, `/v1/usage/runs` and `/v1/usage/quarantine`: what the page shows of the counting.
struct UsageBoard: Sendable {
    static let prefix = "/v1/usage/"
    static let runsMax = 100

    let watch: UsageWatch
    let refusing: @Sendable (HTTPRequest) -> ProblemDocument?

    /// `nil` for other paths.
    func answer(_ exchange: Exchange, _ collector: CollectorNode) async -> OwnAnswer? {
        let request = exchange.request
        guard let whole = request.path, whole.hasPrefix(Self.prefix) else { return nil }
        let path = whole.prefix { $0 != "?" }
        let name = path.dropFirst(Self.prefix.count)
        guard ["state", "runs", "quarantine"].contains(name) else { return nil }
        if let problem = refusing(request) { return OwnAnswer(problem) }
        guard request.method == .get || request.method == .head else { return OwnAnswer(wrongMethod: [.get, .head]) }
        switch name {
        case "state":
            let state = UsageState(
                collector: collector,
                picture: await watch.fresh(),
                nowMilliseconds: WallClockTime.milliseconds()
            )
            return OwnAnswer(.ok, state.json)
        case "runs": return await runs(whole.dropFirst(path.count + 1))
        default: return await quarantine()
        }
    }

    private func runs(_ query: Substring) async -> OwnAnswer {
        var limit = UsageWatch.entriesMax
        if !query.isEmpty {
            guard query.hasPrefix("limit="), let number = Int(query.dropFirst(6)), (1...Self.runsMax).contains(number)
            else {
                return OwnAnswer(Self.bad("The query takes limit, a whole number from 1 to \(Self.runsMax)."))
            }
            limit = number
        }
        do throws(WarehouseError) {
            let (progress, entries) = try await watch.warehouse.runs(limit: limit)
            return OwnAnswer(
                .ok,
                "{\"progress\":\(progress?.json ?? "null"),\"runs\":["
                    + entries.map(\.json).joined(separator: ",") + "]}\n"
            )
        } catch {
            return OwnAnswer(Self.unavailable)
        }
    }

    private func quarantine() async -> OwnAnswer {
        do throws(WarehouseError) {
            guard let bytes = try await watch.warehouse.quarantine() else {
                return OwnAnswer(.ok, "{\"version\":1,\"total\":0,\"rows\":[]}\n")
            }
            return OwnAnswer(.ok, String(decoding: bytes, as: UTF8.self))
        } catch {
            return OwnAnswer(Self.unavailable)
        }
    }

    private static func bad(_ detail: String) -> ProblemDocument {
        ProblemDocument("bad-request", status: .badRequest, title: "Bad request", detail: detail)
    }

    private static let unavailable = ProblemDocument(
        "usage-unavailable",
        status: .serviceUnavailable,
        title: "The files of the runs cannot be read now",
        detail: "Nothing is lost; try again in a moment.",
        retryAfterSeconds: 5
    )
}

import Edge
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import NIOCore

/// Takes purges as JSON, from the admin listener and from the page, and tells what became of them.
struct PurgeDesk: Sendable {
    let purges: PurgeService

    /// Purges as the JSON says; `author` is named in the purge log where the order names nobody.
    ///
    /// - Returns: the answer's JSON: the purge's number and every node's outcome, this one's first.
    /// - Throws: `ProblemDocument` 400 for a wrong order, 503 when this node could not keep it.
    func answer(_ body: ByteBuffer, author: String) async throws(ProblemDocument) -> String {
        let order: PurgeOrder
        do {
            order = try JSONDecoder().decode(PurgeOrder.self, from: Data(body.readableBytesView))
        } catch {
            throw PurgeOrder.bad("The body is JSON such as {\"tag\": \"original:…\", \"mode\": \"soft\"}.")
        }
        let (scope, mode) = try order.rule()
        let sequence: UInt64
        var nodes: [PurgeService.NodeOutcome]
        do throws(EdgeFailure) {
            (sequence, nodes) = try await purges.purge(scope, mode, author: order.author ?? author)
        } catch {
            throw ProblemDocument(
                "store-failed",
                status: .serviceUnavailable,
                title: "Storage failed",
                detail: "Nothing was purged: \(error)."
            )
        }
        nodes.insert(PurgeService.NodeOutcome(node: purges.node, isDone: true), at: 0)
        let list = nodes.map { outcome in
            let reason = outcome.reason.map { ",\"reason\":" + JSONText.quoted($0) } ?? ""
            return "{\"node\":\(JSONText.quoted(outcome.node)),\"done\":\(outcome.isDone)\(reason)}"
        }
        let isComplete = nodes.allSatisfy { $0.isDone }
        let text = list.joined(separator: ",")
        return "{\"sequence\":\(sequence),\"complete\":\(isComplete),\"nodes\":[\(text)]}\n"
    }
}

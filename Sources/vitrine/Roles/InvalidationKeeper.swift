import Caching
import Edge
import Logging

/// Makes durable what successful unsafe requests invalidate.
///
/// A URL's invalidation is this node's own affair (RFC 9111 §4.4); what is done to an original concerns all nodes that
/// may have its renditions.
struct InvalidationKeeper: Sendable {
    let log: PurgeLog
    let purges: PurgeService
    let node: String
    let logger: Logger

    func keep(_ scope: PurgeScope) async {
        do throws(EdgeFailure) {
            if case .tag = scope {
                let nodes = try await purges.purge(scope, .hard, author: "changed by a request").nodes
                for outcome in nodes where !outcome.isDone {
                    logger.error(
                        "a node was not told of a change: repeat the purge",
                        metadata: ["node": "\(outcome.node)", "scope": "\(scope)", "reason": "\(outcome.reason ?? "")"]
                    )
                }
                return
            }
            let sequence = UInt64(max(0, WallClockTime.milliseconds())) * 1_000
            let record = PurgeRecord(
                sequence: sequence,
                scope: scope,
                mode: .hard,
                author: "invalidated by a request",
                node: node
            )
            try await log.append(record)
        } catch {
            logger.error("an invalidation could not be kept", metadata: ["error": "\(error)"])
        }
    }
}

import Assignments
import Edge
import FoundationEssentials
import HTTPSemantics
import HTTPTypes
import JSON
import NIOCore
import Synchronization
import Wire

/// Forgets what is kept of a user: here, in the store, and in the memories of the region's other nodes.
final class UserForgetting: Sendable {
    /// What is forgotten, as nodes tell it each other.
    struct Order: Codable {
        var app: String
        var attribute: String
        var value: String

        var key: UserKey? { UserKey(app: app, attribute: ExactString(attribute), value: ExactString(value)) }
    }

    /// Where a node hears of it, on its public listener and with the shared token.
    static let peerPath = "/v1/peer/users/forget"
    private static let bodyBytesMax = 65_536

    private let states: UserStates
    /// Set once the edge is there, which knows its peers.
    private let purges = Mutex<PurgeService?>(nil)

    init(states: UserStates) { self.states = states }

    func join(_ service: PurgeService) { purges.withLock { $0 = service } }

    /// Forgets everywhere; what became of it at each other node.
    ///
    /// - Throws: `AssignmentsError.store`: it may still be there.
    func forget(_ order: Order, _ key: UserKey) async throws(AssignmentsError) -> [PurgeService.NodeOutcome] {
        try await states.forget(key)
        guard let service = purges.withLock({ $0 }) else { return [] }
        // Three texts always have a JSON form.
        let body = (try? JSONEncoder().encode(order)) ?? Data()
        return await service.tellPeers(Self.peerPath, ByteBuffer(bytes: body))
    }

    /// Hears of it from another node.
    func receive(_ exchange: Exchange, isPeer: Bool) async -> OwnAnswer {
        guard isPeer else {
            return OwnAnswer(
                ProblemDocument(
                    "token-required",
                    status: .unauthorized,
                    title: "A token is required",
                    detail: "Only the region's nodes tell each other whom to forget."
                )
            )
        }
        // Anything else is no order.
        guard let bytes = try? await exchange.body.collect(upTo: Self.bodyBytesMax),
            let order = try? JSONDecoder().decode(Order.self, from: Data(bytes.readableBytesView)), let key = order.key
        else {
            return OwnAnswer(
                ProblemDocument(
                    "bad-request",
                    status: .badRequest,
                    title: "Bad request",
                    detail: "The body names no user."
                )
            )
        }
        do throws(AssignmentsError) {
            try await states.forget(key)
            return OwnAnswer(.ok, "{\"forgotten\":true}\n")
        } catch {
            return OwnAnswer(
                ProblemDocument(
                    "store-failed",
                    status: .serviceUnavailable,
                    title: "Storage failed",
                    detail: "\(error)"
                )
            )
        }
    }
}

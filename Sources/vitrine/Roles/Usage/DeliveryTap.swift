import Assignments
import Edge

/// What the edge counts, as rows for the usage log.
struct DeliveryTap: DeliverySource {
    let counter: DeliveryCounter

    func take() -> [DeliveryRow] {
        counter.take().map { row in
            DeliveryRow(
                content: row.key.content.name,
                status: Int(row.key.status),
                isRelayed: row.key.isRelayed,
                requests: row.sum.requests,
                bytes: row.sum.bytes,
                lastMilliseconds: row.sum.lastMilliseconds
            )
        }
    }

    func whenFull(_ call: @escaping @Sendable () -> Void) { counter.whenFull(call) }
}

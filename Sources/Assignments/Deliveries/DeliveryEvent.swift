import JSON

/// Rows of deliveries on their way into the usage log: events of type `com.vitrine.delivery.v1`.
///
/// An event's `id` is the start's number and the row's, so that it is the node's only one and stays what it is however
/// often the event is sent; its `time` is the last delivery's, so that it lies in the day that it counts.
package struct DeliveryEvent: Sendable {
    package static let type = "com.vitrine.delivery.v1"
    /// Nobody is billed for deliveries; events have to say somebody.
    static let tenant = "pictures"

    package var row: DeliveryRow
    /// A number that no other start of any node has had.
    package var boot: UInt64
    /// From 1 on.
    package var number: UInt64

    package init(row: DeliveryRow, boot: UInt64, number: UInt64) {
        self.row = row
        self.boot = boot
        self.number = number
    }

    package var id: String {
        let digits = String(boot, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits + "-\(number)"
    }

    /// - Throws: `AssignmentsError.invalidEvent` if a name is longer than an event may have it.
    package func usageEvent(node: String) throws(AssignmentsError) -> UsageEvent {
        var data: [UInt8] = []
        data.reserveCapacity(160)
        data += "{\"content_id\":".utf8
        JSONWriter.string(ExactString(row.content), into: &data)
        data += ",\"content_type\":\"picture\",\"action\":\"\(row.action)\",\"status\":\(row.status)".utf8
        data += ",\"requests\":\(row.requests),\"bytes\":\(row.bytes)}".utf8
        return try UsageEvent(
            id: id,
            source: "/nodes/\(node)/deliveries",
            type: Self.type,
            timeMilliseconds: min(max(row.lastMilliseconds, 0), EventTime.range.upperBound),
            tenant: Self.tenant,
            node: node,
            subject: nil,
            traceparent: nil,
            data: String(decoding: data, as: UTF8.self),
            isJSON: true
        )
    }
}

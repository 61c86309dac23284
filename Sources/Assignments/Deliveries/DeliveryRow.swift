/// Deliveries of one content on one day with one answer, added up over some time.
package struct DeliveryRow: Hashable, Sendable {
    /// What was delivered; 1 to 256 bytes without control characters.
    package var content: String
    /// 200, 206 or 304.
    package var status: Int
    /// Whether it went to another node of ours, which delivers it to its viewer.
    package var isRelayed: Bool
    package var requests: Int
    /// Of bodies.
    package var bytes: Int
    /// When the last was answered, milliseconds since 1970; all were on the same day of UTC.
    package var lastMilliseconds: Int64

    package init(
        content: String,
        status: Int,
        isRelayed: Bool = false,
        requests: Int,
        bytes: Int,
        lastMilliseconds: Int64
    ) {
        self.content = content
        self.status = status
        self.isRelayed = isRelayed
        self.requests = requests
        self.bytes = bytes
        self.lastMilliseconds = lastMilliseconds
    }

    /// What was done with the picture, as events say it.
    package var action: String { isRelayed ? "relayed" : status == 304 ? "revalidated" : "delivered" }
}

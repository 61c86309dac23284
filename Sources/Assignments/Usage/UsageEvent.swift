import JSON

/// Something that happened and is counted or billed: one CloudEvent (CNCF CloudEvents 1.0.2, JSON event format).
///
/// `id` is made from what happened, not drawn: whoever reports the same thing again, on any node, gives it the same
/// `id` and `source`, and whoever counts keeps one of each (CloudEvents 1.0.2, §3.1.1). Beside the attributes of the
/// specification stand the extension `traceparent` (CloudEvents distributed tracing) and ours: `tenant` and `node`.
package struct UsageEvent: Sendable {
    /// Visible ASCII; 1 to 128 bytes.
    package let id: String
    /// Whose `id` it is: a URI reference, the same on all nodes; visible ASCII, 1 to 256 bytes.
    package let source: String
    /// What happened: a name such as `vitrine.exposure`; visible ASCII, 1 to 128 bytes.
    package let type: String
    /// When it happened: milliseconds since 1970, from 0 to the end of the year 9999.
    package let timeMilliseconds: Int64
    /// Who is billed, such as an app's name; 1 to 128 bytes, without control characters.
    package let tenant: String
    /// The node that saw it, which is no part of its identity; 1 to 128 bytes, without control characters.
    package let node: String
    /// What it is about, such as an experiment or a picture; 1 to 1,024 bytes, without control characters; `nil` if
    /// the type has none.
    package let subject: String?
    /// The request's W3C trace context; visible ASCII, 1 to 128 bytes; `nil` if it had none.
    package let traceparent: String?
    /// One JSON text (RFC 8259) without control characters, so in one line; at most `dataBytesMax` bytes.
    package let data: String

    package static let dataBytesMax = 32 << 10

    /// - Throws: `AssignmentsError.invalidEvent` with the rule that is broken.
    package init(
        id: String,
        source: String,
        type: String,
        timeMilliseconds: Int64,
        tenant: String,
        node: String,
        subject: String? = nil,
        traceparent: String? = nil,
        data: String
    ) throws(AssignmentsError) {
        try self.init(
            id: id,
            source: source,
            type: type,
            timeMilliseconds: timeMilliseconds,
            tenant: tenant,
            node: node,
            subject: subject,
            traceparent: traceparent,
            data: data,
            isJSON: false
        )
    }

    /// The same; `isJSON` where `data` was written by a JSON writer, so that it need not be read again.
    init(
        id: String,
        source: String,
        type: String,
        timeMilliseconds: Int64,
        tenant: String,
        node: String,
        subject: String?,
        traceparent: String?,
        data: String,
        isJSON: Bool
    ) throws(AssignmentsError) {
        try Self.check(id, "id", bytesMax: 128, isVisible: true)
        try Self.check(source, "source", bytesMax: 256, isVisible: true)
        try Self.check(type, "type", bytesMax: 128, isVisible: true)
        try Self.check(tenant, "tenant", bytesMax: 128)
        try Self.check(node, "node", bytesMax: 128)
        try Self.check(subject, "subject", bytesMax: 1024)
        try Self.check(traceparent, "traceparent", bytesMax: 128, isVisible: true)
        try Self.check(data, "data", bytesMax: Self.dataBytesMax)
        guard EventTime.range.contains(timeMilliseconds) else {
            throw .invalidEvent(reason: "time is not between the years 1970 and 9999")
        }
        if !isJSON {
            do throws(JSONError) {
                _ = try JSONParser().value(from: data)
            } catch {
                throw .invalidEvent(reason: "data is no JSON text: \(error)")
            }
        }
        self.id = id
        self.source = source
        self.type = type
        self.timeMilliseconds = timeMilliseconds
        self.tenant = tenant
        self.node = node
        self.subject = subject
        self.traceparent = traceparent
        self.data = data
    }

    private static func check(
        _ text: String?,
        _ name: String,
        bytesMax: Int,
        isVisible: Bool = false
    ) throws(AssignmentsError) {
        guard let text else { return }
        let bytes = text.utf8.span
        if bytes.isEmpty { throw .invalidEvent(reason: "\(name) is empty") }
        if bytes.count > bytesMax { throw .invalidEvent(reason: "\(name) has more than \(bytesMax) bytes") }
        var hasControl = false
        var hasInvisible = false
        for index in bytes.indices {
            hasControl = hasControl || bytes[index] < 0x20 || bytes[index] == 0x7f
            hasInvisible = hasInvisible || bytes[index] <= 0x20 || bytes[index] > 0x7e
        }
        if hasControl { throw .invalidEvent(reason: "\(name) has a control character") }
        if isVisible, hasInvisible {
            throw .invalidEvent(reason: "\(name) has something other than visible ASCII")
        }
    }
}

/// Equal when they are written the same, byte for byte.
extension UsageEvent: Equatable {
    package static func == (left: UsageEvent, right: UsageEvent) -> Bool { left.json == right.json }
}

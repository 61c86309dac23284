/// Something that happened and is counted or billed: one CloudEvent (CNCF CloudEvents 1.0.2, JSON event format).
///
/// `id` is made from what happened, not drawn: whoever reports the same thing again, on any node, gives it the same
/// `id` and `source`, and whoever counts keeps one of each (CloudEvents 1.0.2, §3.1.1). Beside the attributes of the
/// specification stand the extension `traceparent` (CloudEvents distributed tracing) and ours: `tenant` and `node`.
package struct UsageEvent: Sendable {
    /// Printable ASCII; 1 to 128 bytes.
    package let id: String
    /// Whose `id` it is, a URI reference without the node's name; 1 to 256 bytes, printable ASCII.
    package let source: String
    /// What happened: a reverse-DNS name such as `vitrine.exposure`; 1 to 128 bytes, printable ASCII.
    package let type: String
    /// When it happened: milliseconds since 1970, from 0 to the end of the year 9999.
    package let timeMilliseconds: Int64
    /// Who is billed, such as an app's name; 1 to 128 bytes, without control characters.
    package let tenant: String
    /// What it is about, such as an experiment or a picture; at most 1,024 bytes; `nil` if the type has none.
    package let subject: String?
    /// The node that saw it; 1 to 128 bytes, without control characters. Not part of the identity.
    package let node: String
    /// The request's W3C trace context, 55 bytes; `nil` if it had none.
    package let traceparent: String?
    /// One JSON text (RFC 8259) in UTF-8 without line feeds, at most `dataBytesMax` bytes.
    package let data: String

    package static let dataBytesMax = 32 << 10

    /// - Throws: `AssignmentsError.invalidEvent` with the rule that is broken.
    package init(
        id: String,
        source: String,
        type: String,
        timeMilliseconds: Int64,
        tenant: String,
        subject: String? = nil,
        node: String,
        traceparent: String? = nil,
        data: String
    ) throws(AssignmentsError) {
        self.id = id
        self.source = source
        self.type = type
        self.timeMilliseconds = timeMilliseconds
        self.tenant = tenant
        self.subject = subject
        self.node = node
        self.traceparent = traceparent
        self.data = data
    }
}

package import DeliveryTypes

/// What the exposures of one request share.
package struct ExposureContext: Sendable {
    package var app: String
    /// The release that was evaluated.
    package var record: ContentDigest
    /// Milliseconds since 1970.
    package var timeMilliseconds: Int64
    /// The request's W3C trace context; `nil` if it had none.
    package var traceparent: String?

    package init(app: String, record: ContentDigest, timeMilliseconds: Int64, traceparent: String? = nil) {
        self.app = app
        self.record = record
        self.timeMilliseconds = timeMilliseconds
        self.traceparent = traceparent
    }
}

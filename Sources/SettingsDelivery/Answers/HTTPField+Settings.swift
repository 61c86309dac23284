package import HTTPTypes

extension HTTPField.Name {
    /// A field name known to be valid at the time of writing.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }

    package static let xAPIKey = known("X-API-Key")
    /// What the client holds, in requests and answers.
    package static let vitrineState = known("Vitrine-State")
    /// `1` where the body has only what changed.
    package static let vitrineDelta = known("Vitrine-Delta")
    /// Which release answered.
    package static let vitrineSettings = known("Vitrine-Settings")
    /// Tells GrowthBook's clients that there is a `/sub` to listen at.
    package static let xSSESupport = known("X-SSE-Support")
    package static let availableDictionary = known("Available-Dictionary")
    package static let useAsDictionary = known("Use-As-Dictionary")
    package static let lastEventID = known("Last-Event-ID")
    /// Asks nginx not to hold back an event stream.
    package static let xAccelBuffering = known("X-Accel-Buffering")
    package static let xForwardedProto = known("X-Forwarded-Proto")
    package static let link = known("Link")
    package static let traceparent = known("traceparent")
}

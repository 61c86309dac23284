/// Which trace a request belongs to: W3C Trace Context, level 2 (`traceparent` and `tracestate`).
///
/// Parsing is strict, as the recommendation asks: a header that is not exactly right is as good as none, and the caller
/// starts a new trace. Randomness is injected.
package struct TraceContext: Sendable, Hashable {
    /// The trace's 128 bits; never zero.
    package let traceID: TraceID
    /// The span that this context names: the caller's when parsed, ours after `child`.
    ///
    /// Never zero.
    package let spanID: SpanID
    /// Whether the caller may have recorded the trace.
    package let isSampled: Bool
    /// Whether the trace id's low 56 bits are random (level 2), so that a sampler can use them.
    package let isRandom: Bool
    /// What tracing systems upstream want passed on; empty when there is nothing or it was malformed.
    package let state: TraceState

    /// A new trace.
    package init(sampled: Bool, using generator: inout some RandomNumberGenerator) {
        traceID = TraceID(using: &generator)
        spanID = SpanID(using: &generator)
        isSampled = sampled
        isRandom = true
        state = TraceState()
    }

    /// Reads what a request carried.
    ///
    /// - Parameters:
    ///   - traceparent: the values of every `traceparent` field; anything but exactly one well-formed value gives
    ///     `nil`.
    ///   - tracestate: the values of every `tracestate` field, in order; malformed ones are dropped as a whole.
    package init?(traceparent: [String], tracestate: [String] = []) {
        guard let only = traceparent.first, traceparent.count == 1, let fields = Traceparent(only) else { return nil }
        traceID = fields.traceID
        spanID = fields.spanID
        isSampled = fields.flags & Traceparent.sampled != 0
        isRandom = fields.flags & Traceparent.random != 0
        state = TraceState(fields: tracestate)
    }

    private init(child spanID: SpanID, of parent: TraceContext) {
        traceID = parent.traceID
        self.spanID = spanID
        isSampled = parent.isSampled
        isRandom = parent.isRandom
        state = parent.state
    }

    /// The context of a span inside this one: same trace, a span id of its own.
    package func child(using generator: inout some RandomNumberGenerator) -> TraceContext {
        TraceContext(child: SpanID(using: &generator), of: self)
    }

    /// The header's value, in version 00.
    package var traceparent: String {
        let flags = (isSampled ? Traceparent.sampled : 0) | (isRandom ? Traceparent.random : 0)
        return "00-\(traceID)-\(spanID)-0\(flags)"
    }

    /// The context of the work that runs now; `Logger.MetadataProvider.currentTrace` puts it on log lines.
    @TaskLocal package static var current: TraceContext?
}

package import Logging

extension Logger.MetadataProvider {
    /// Puts `trace_id` and `span_id` of `TraceContext.current` on every line that is logged inside it.
    package static let currentTrace = Logger.MetadataProvider {
        guard let trace = TraceContext.current else { return [:] }
        return ["trace_id": .stringConvertible(trace.traceID), "span_id": .stringConvertible(trace.spanID)]
    }
}

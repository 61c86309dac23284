/// How a body holds events (CloudEvents HTTP protocol binding 1.0.2 §3, and lines of JSON).
package enum EventForm: String, CaseIterable, Sendable {
    /// One event: `application/cloudevents+json`.
    case structured
    /// An array of events: `application/cloudevents-batch+json`.
    case batch
    /// One event in each line: `application/x-ndjson`. A line that is no event does not spoil the others.
    case lines
    /// The body is `data`, the attributes are header fields: `application/json` with `ce-specversion`.
    case binary
}

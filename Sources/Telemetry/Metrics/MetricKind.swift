/// The type that the exposition format names in a `# TYPE` line.
package enum MetricKind: String, Sendable {
    case counter
    case gauge
    case histogram
}

/// A trace, or what was asked about it, that makes no sense; all are the caller's fault and never worth a retry.
package enum TraceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The input ends in the middle of a record that begins at this byte.
    case truncated(offset: Int)
    /// A line of a CSV trace cannot be read; lines count from 1.
    case badLine(Int, reason: String)
    /// The text that describes a CSV trace's columns cannot be read.
    case badLayout(String)
    /// A cache size such as `1%` or `64MiB` was expected.
    case badSize(String)
    /// No policy has this name.
    case unknownPolicy(String)
    /// More requests, or more different objects, than a trace may have.
    case tooLong(requestsMax: Int)
    /// There is no request in the trace.
    case empty

    package var description: String {
        switch self {
        case .truncated(let offset): "the trace ends in the middle of the record at byte \(offset)"
        case .badLine(let line, let reason): "line \(line) of the trace: \(reason)"
        case .badLayout(let text): "\"\(text)\" does not describe columns such as obj-id-col=2,obj-size-col=3"
        case .badSize(let text): "\"\(text)\" is not a cache size such as 1%, 5000 or 64MiB"
        case .unknownPolicy(let name):
            "no policy \"\(name)\"; there are " + SimulatedPolicy.allCases.map(\.rawValue).joined(separator: ", ")
        case .tooLong(let requestsMax): "the trace has more than \(requestsMax) requests"
        case .empty: "there is no request in the trace"
        }
    }
}

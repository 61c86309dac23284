/// Why usage was not counted, in words for people, and what helps.
package struct WarehouseError: Error, Equatable, Sendable {
    /// What the caller can do about it.
    package enum Code: Equatable, Sendable {
        /// A program or package of this machine is not there: install it.
        case missing
        /// Another run or another installation is at work: try again later.
        case busy
        /// Segments are missing, damaged or not in a row. Trying again helps only after the store was repaired.
        case segments
        /// The object store did not answer, or refused.
        case store
        /// This machine's disk or folders.
        case disk
        /// The counting itself failed, or a tool that it needs.
        case failed
        /// A person or the system asked for the end.
        case stopped
    }

    package var code: Code
    package var reason: String
    /// One or two sentences; `nil` when there is nothing better to say than the reason.
    package var remedy: String?

    package init(_ code: Code, _ reason: String, remedy: String? = nil) {
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }

    package static let stopped = WarehouseError(.stopped, "stopped; what was done stays, and the next run goes on")
}

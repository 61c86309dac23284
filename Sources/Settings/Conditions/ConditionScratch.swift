import JSON

/// The memory that evaluating conditions works in: kept from request to request so that it is not allocated anew.
///
/// It belongs to one request at a time.
package struct ConditionScratch: Sendable {
    /// One answer for each node of the table.
    var verdicts: [Verdict] = []
    /// The request's value for each path of the table.
    var slots: [JSONValue] = []
    let budget = PatternBudget()
    /// Nodes evaluated for this request, for tests and benchmarks.
    package internal(set) var evaluations = 0

    package init() {}
}

/// The memory that evaluating conditions works in: kept from request to request so that it is not allocated anew.
///
/// It belongs to one request at a time.
package struct ConditionScratch: Sendable {
    package init() {}
}

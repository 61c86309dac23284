/// One request of a trace.
package struct TraceRequest: Hashable, Sendable {
    package var id: UInt64
    /// Bytes of the object, at least 1; 1 where the format has no sizes.
    package var size: UInt32
    /// Milliseconds to make or fetch the object, finite and not negative; 1 where the format has none.
    package var cost: Float

    package init(id: UInt64, size: UInt32 = 1, cost: Float = 1) {
        self.id = id
        self.size = size
        self.cost = cost
    }
}

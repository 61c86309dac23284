/// The number of a condition in its ``ConditionTable``: equal conditions have one.
package struct ConditionID: Hashable, Sendable {
    package let index: Int32

    package init(index: Int32) {
        self.index = index
    }
}

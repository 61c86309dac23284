/// Where one value of a project stands: an index into ``FeaturesDocument/values`` of an authored document, the line of
/// the values record in a document of references.
package struct ValueID: Hashable, Sendable {
    package let index: Int32

    package init(index: Int32) {
        self.index = index
    }

    package init(_ index: Int) {
        self.index = Int32(clamping: index)
    }

    /// No value there: JavaScript's `undefined`.
    package static let missing = ValueID(index: -1)

    package var isMissing: Bool { index < 0 }
}

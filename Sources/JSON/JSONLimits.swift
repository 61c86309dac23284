/// What a text may be at most.
package struct JSONLimits: Equatable, Sendable {
    package var bytesMax: Int
    /// Containers inside each other; 1 is an array of scalars.
    package var depthMax: Int
    /// All values of the text, members and elements alike.
    package var valuesMax: Int

    /// Duplicates that are reported; more are only counted as read.
    package static let duplicatesMax = 100

    package init(bytesMax: Int = 64 << 20, depthMax: Int = 64, valuesMax: Int = 10_000_000) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
        self.valuesMax = valuesMax
    }
}

import ObjectStorage

/// Finds the greatest number that a node has shipped, for a node whose own folder does not know.
struct NumberSearch: Sendable {
    let store: any ObjectStore
    let node: String

    /// The greatest number, 0 if there is none: a few dozen listings of one object.
    ///
    /// Numbers have no gap, so they can be searched by halves.
    ///
    /// - Throws: `store`.
    func greatest() async throws(MeteringError) -> UInt64 {
        var low: UInt64 = 0
        var step: UInt64 = 1
        while try await hasAny(after: low + step - 1) {
            low += step
            step *= 2
        }
        // There is one after low - 1, and none after low + step - 1.
        var high = low + step - 1
        while low < high {
            let middle = low + (high - low) / 2
            if try await hasAny(after: middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func hasAny(after number: UInt64) async throws(MeteringError) -> Bool {
        try await storeErrors { () async throws(ObjectStoreError) in
            let prefix = try ObjectPrefix(SegmentManifest.prefixText(node: node))
            let after = try ObjectKey(SegmentManifest.keyText(node: node, number: number))
            return try await !store.list(prefix: prefix, after: after, limit: 1).objects.isEmpty
        }
    }
}

import JSON

extension LoadedRelease {
    /// The settings with prerequisites, in authored order.
    var dependents: [Int] {
        tables.document.features.indices.filter { setting in
            tables.document.features[setting].rules.contains { $0.source["parentConditions"] != nil }
        }
    }
}

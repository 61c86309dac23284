package import JSON

/// What a contextual bandit chose for a context.
package struct BanditSelection: Sendable {
    /// −1 when no leaf's condition holds.
    package let leafID: JSONValue
    package let weights: JSONValue
    package let version: JSONValue?

    /// The reference's `leafId`, `variationWeights` and `banditVersion`.
    package var json: JSONObject {
        var object = JSONObject()
        object["leafId"] = leafID
        object["variationWeights"] = weights
        if let version { object["banditVersion"] = version }
        return object
    }
}

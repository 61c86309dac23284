import JSON

/// What `meta` says of one variation.
struct MetaEntry: Sendable {
    /// `undefined` or `null`: the reference throws.
    let isMissing: Bool
    /// As authored; stored assignments are compared with it.
    let key: JSONValue?
    let name: JSONValue?
    let passthrough: JSONValue?

    init(_ source: JSONValue?) {
        isMissing = source?.isNull ?? true
        key = source?["key"]
        name = ScriptValue.truthy(source?["name"])
        passthrough = ScriptValue.truthy(source?["passthrough"])
    }
}

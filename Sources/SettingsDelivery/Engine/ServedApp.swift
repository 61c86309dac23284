/// An app whose settings this node serves.
package struct ServedApp: Sendable {
    package let name: String
    /// The number of its publish.
    package let number: Int
    package let engine: any SettingsEngine
    /// Since when this node has not heard of the app's source: milliseconds since 1970; `nil` while it does.
    package let silentSinceMilliseconds: Int64?

    package init(name: String, number: Int, engine: any SettingsEngine, silentSinceMilliseconds: Int64? = nil) {
        self.name = name
        self.number = number
        self.engine = engine
        self.silentSinceMilliseconds = silentSinceMilliseconds
    }
}

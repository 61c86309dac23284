/// An app, and what the key that found it may see.
package struct KeyedApp: Sendable {
    package let app: ServedApp
    /// Whether the key is a server's, which sees rules.
    package let seesRules: Bool
    /// What event streams of this caller are named by.
    package let channel: String

    package init(app: ServedApp, seesRules: Bool, channel: String) {
        self.app = app
        self.seesRules = seesRules
        self.channel = channel
    }
}

/// Who may hold a key: it decides what the holder may see.
package enum KeyKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Ships inside apps and pages: sees values only, never rules.
    case client
    /// Stays on servers: sees rules.
    case server

    /// What a key's text begins with.
    package var prefix: String {
        switch self {
        case .client: "vc_"
        case .server: "vs_"
        }
    }
}

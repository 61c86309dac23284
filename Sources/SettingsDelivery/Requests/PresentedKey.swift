package import HTTPTypes

/// The key that a request's fields present.
package enum PresentedKey {
    /// `X-API-Key`, else `Authorization: Bearer`; `nil` when there is neither.
    package static func inFields(_ fields: HTTPFields) -> String? {
        if let key = fields[.xAPIKey], !key.isEmpty { return key }
        guard let value = fields[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].filter { $0 != " " }
        return token.isEmpty ? nil : String(token)
    }
}

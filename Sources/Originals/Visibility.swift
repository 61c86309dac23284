/// Who may see an original and its renditions.
package enum Visibility: String, Hashable, Sendable, Codable {
    case `public`
    /// Only whoever has a signed URL that expires, or a token.
    case `private`
}

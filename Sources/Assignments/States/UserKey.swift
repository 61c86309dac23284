package import DeliveryTypes

/// Names the state of one user in one app: the app's name and the SHA-256 of `attribute||value`.
package struct UserKey: Hashable, Sendable {
    /// The app's name, as in its URLs.
    package let app: String
    /// SHA-256 of the attribute's name, `||` and its value, in UTF-8.
    package let digest: ContentDigest

    /// `nil` if there is no state under such a name: `app` is not `[a-z0-9][a-z0-9._-]{0,62}`, the attribute's name or
    /// value is empty, or the name has a `|`, which would make two users' names one.
    ///
    /// - Parameters:
    ///   - attribute: The hash or fallback attribute's name, such as `id`.
    ///   - value: The attribute's value as text.
    package init?(app: String, attribute: String, value: String) { fatalError() }
}

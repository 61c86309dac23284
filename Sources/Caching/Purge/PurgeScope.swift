/// What a purge speaks of.
package enum PurgeScope: Hashable, Sendable {
    /// One URL with all its variants: the text that `CachedName.url` gives for it.
    case url(String)
    /// Every URL that begins with this text; `scheme://host/path…`, compared byte by byte.
    case prefix(String)
    /// Every response that carries this tag (`Surrogate-Key`, `Cache-Tag`, or one of ours).
    case tag(String)
    case everything
}

import Caching

/// What is to be fetched for a request.
struct Errand: Sendable {
    var name: ResourceName
    var place: ResponseStore.Place
    var picture: PictureNaming.Named?
    /// A stored response whose validators are sent.
    var validated: CachedResponse?
    /// A stored response that may answer when the origin fails.
    var fallback: CachedResponse?
}

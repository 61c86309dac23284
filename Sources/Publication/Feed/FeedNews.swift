/// What whoever runs a feed should read in its log: once for each change, not for each attempt.
package enum FeedNews: Equatable, Sendable {
    /// The source is away, or refuses; what is served stays.
    case lost(source: String, reason: String)
    /// The source is there again, after so many milliseconds; `nil` if it was never there before.
    case regained(source: String, milliseconds: Int64?)
    /// A release cannot be loaded for the first time; the one before it stays in force and it is tried again.
    case cannotLoad(AppName, number: Int, reason: String)
    /// The release that could not be loaded is served now.
    case loaded(AppName, number: Int)
}

/// What a destination says to events that it was given.
package enum UsageReceipt: Hashable, Sendable {
    /// Those that it takes are on its disk; `refused` of them it never will.
    case taken(refused: Int)
    /// Too much at once; nothing was kept.
    case tooLarge
    /// Not now; what was kept is not known, and sending the same again is safe. `retryAfter` if it said when.
    case away(retryAfter: Duration?, reason: String)
    /// It has ended, with this process.
    case closed
}

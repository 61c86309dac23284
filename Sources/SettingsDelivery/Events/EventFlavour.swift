/// What the subscribers of an event stream understand.
package enum EventFlavour: Hashable, CaseIterable, Sendable {
    /// GrowthBook's clients with a client key: `features-updated` without content, "ask again".
    case updated
    /// GrowthBook's clients with a server key: `features` with the whole payload.
    case features
    /// OpenFeature's providers: `refetchEvaluation` in a `message`.
    case refetch
}

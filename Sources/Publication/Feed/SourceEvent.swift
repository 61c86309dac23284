/// What a source says while it is watched.
package enum SourceEvent: Hashable, Sendable {
    /// Everything in force; comes first, and again whenever single changes may have been lost.
    case snapshot(SettingsSnapshot)
    /// One app has another number or other keys.
    case app(SourcedApp)
    /// Nothing has changed, and the source is there.
    case heartbeat
}

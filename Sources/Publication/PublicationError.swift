package import ObjectStorage

/// Why something about published settings could not be done.
package enum PublicationError: Error, Sendable {
    /// The caller's fault: a name, a number, a comment that cannot be; the text says what can.
    case invalidRequest(String)
    /// The caller's fault: the features file has errors. Nothing was changed.
    case invalidDocument([PublicationIssue])
    /// Somebody else has published meanwhile, or the expected number is not the latest. Nothing was changed; look at
    /// what is in force, then publish again. `latest` is `nil` if the app has no number at all.
    case conflict(app: AppName, expected: Int, latest: PublishedEntry?)
    /// Nothing was ever published for the app.
    case unknownApp(AppName)
    /// The app's log has no such number.
    case unknownNumber(AppName, Int)
    /// The number is in the log, but a record of it has been swept.
    case gone(AppName, Int)
    /// What is stored is not what was stored; `name` is the object's.
    case damaged(_ name: String, reason: String)
    /// The store failed; if that was during a publish, the number may or may not be there now.
    case storage(ObjectStoreError)
    /// Whoever is asked over the network does not answer, or not so that it can be used.
    case unreachable(String)
    case cancelled

    package init(_ error: ObjectStoreError) {
        if case .cancelled = error { self = .cancelled } else { self = .storage(error) }
    }
}

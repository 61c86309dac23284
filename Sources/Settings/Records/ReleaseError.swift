package import DeliveryTypes

/// Why a release can be neither made nor loaded.
package enum ReleaseError: Error, Sendable, Equatable {
    /// The authored text cannot be published: what is wrong, with feature and rule. The author's fault; never retry.
    case invalid([AuthoringIssue])
    /// A record that the manifest names was not handed over. Fetch it and load again.
    case missing(ContentDigest)
    /// A record's bytes are not what its name says, or contradict each other. Fetch it again; if it stays so, the
    /// release is broken and the one before it goes on being served.
    case damaged(SettingsRecord.Kind, String)
    /// The record was written by a newer version than this one reads.
    case unknownFormat(SettingsRecord.Kind, Int)
}

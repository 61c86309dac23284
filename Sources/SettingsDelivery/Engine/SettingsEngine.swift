package import DeliveryTypes
package import JSON

/// One app's release as the surfaces see it: who asks goes in, values come out.
///
/// Evaluating never fails and never waits. The same request gives the same bytes on every node with the same release.
package protocol SettingsEngine: Sendable {
    /// The release's identity: its manifest's digest.
    var record: ContentDigest { get }
    /// When the release was published: milliseconds since 1970.
    var publishedMilliseconds: Int64 { get }
    /// The attributes by which stored assignments are kept; empty when the app keeps none.
    var stickyAttributes: [ExactString] { get }
    /// The attributes that are kept from one session to the next.
    var rememberedAttributes: [ExactString] { get }
    /// The document of someone to whom no rule applies, and its SHA-256 in hexadecimal; `nil` where there is none.
    var dictionary: SettingsDictionary? { get }

    /// When a schedule last changed what users get, up to `now`: milliseconds since 1970; 0 when none has.
    func stateSince(_ now: Int64) -> Int64

    /// Evaluates every setting. `now` is milliseconds since 1970.
    func evaluate(_ request: SettingsRequest, _ known: UserKnowledge, now: Int64) -> any SettingsEvaluation

    /// Evaluates one setting; `nil` when there is none of that name.
    func flag(_ name: ExactString, _ request: SettingsRequest, _ known: UserKnowledge, now: Int64) -> SingleEvaluation?

    /// The features with their rules, for clients that evaluate themselves; `nil` when they cannot be had now.
    ///
    /// The first call may fetch and read the authored text.
    func payload(at now: Int64) async -> SDKText?

    /// The same, if it is at hand.
    func payloadAtHand(_ now: Int64) -> SDKText?

    /// Each setting's value, the rule that gave it, and what became of the rules before: a JSON object by name.
    ///
    /// `only`: One setting; `nil` for all.
    func explain(_ request: SettingsRequest, _ known: UserKnowledge, only: ExactString?, now: Int64) -> [UInt8]
}

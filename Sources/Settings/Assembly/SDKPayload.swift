/// The features as an SDK with local evaluation wants them: rules included, so for server keys only.
///
/// What SDKs do not know is resolved: killed and unscheduled features and rules are left out, `x-` keys too. Templates
/// of values with placeholders stay as they are written.
package struct SDKPayload: Sendable {
    /// - Parameter source: the record of the authored text.
    package init(source: SettingsRecord) throws(ReleaseError)

    /// `{"status":200,"features":{…},"savedGroups":{…},"experiments":[]}`, values in authored spelling.
    /// - Parameter now: milliseconds since 1970.
    package func body(at now: Int64) -> [UInt8]

    /// When a schedule next changes what `body` gives, in milliseconds since 1970; `nil` for never.
    package func validUntil(from now: Int64) -> Int64?
}

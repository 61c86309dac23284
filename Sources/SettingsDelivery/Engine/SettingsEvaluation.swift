package import NIOCore

/// What one request gets, before any of it is written: comparing costs no assembly.
package protocol SettingsEvaluation: Sendable {
    /// A strong entity tag with its quotes: equal tags, equal documents.
    var etag: String { get }
    /// What the client sends back to be told only what has changed; empty when its state is too long to be said.
    var state: String { get }
    /// Whose specialised tables answered; `nil` for the general ones.
    var partition: String? { get }
    /// A fingerprint of `exposures`, cheaper than they are: equal marks of one app, equal exposures.
    var exposureMark: UInt64 { get }
    /// The experiments the user is in.
    var exposures: [ExperimentExposure] { get }
    /// What is new among the user's stored assignments, by attribute and value.
    var newAssignments: [StoredAssignments] { get }

    /// The whole document.
    func document() -> ByteBuffer
    /// The whole document from pieces compressed at publish time; `nil` where there are none, or not for this request.
    ///
    /// `compress`: Makes a frame of its own of what only this request has.
    func packed(_ coding: String, compress: ([UInt8]) -> [UInt8]) -> ByteBuffer?
    /// What changed since a state, as `{"changed":{…},"removed":[…]}`; `nil` when the state is of a release that
    /// nobody here remembers.
    func delta(since state: String) -> ByteBuffer?
    /// The features reduced to one value each, as GrowthBook's remote evaluation answers.
    func remote() -> [UInt8]
    /// Every setting as OpenFeature sees it.
    func flags() -> [FlagResolution]
}

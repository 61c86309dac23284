package import DeliveryTypes

/// What a client holds, in a few hundred bytes: the release, each setting's line, and what placeholders were filled
/// with (`docs/formats/settings-state.md`).
///
/// Opaque to clients. It is not signed: who forges one damages nobody's answer but the own.
package struct StateToken: Sendable, Equatable {
    /// Longest text that is read, in characters.
    package static let lengthMax = 16_384

    /// The first 8 bytes of the manifest's digest, big-endian.
    package let release: UInt64

    /// Reads a token; `nil` for what this version has not written or what a client has changed.
    package init?(_ text: String)

    /// `[A-Za-z0-9_-]*`, at most `lengthMax` characters; empty where the state would be longer.
    package var text: String
}

/// Bounds of publication.
package struct PublicationLimits: Sendable {
    /// The longest features file, in bytes.
    package var documentBytesMax = 64 << 20
    /// The longest author and comment, in bytes of UTF-8.
    package var authorBytesMax = 256
    package var commentBytesMax = 2048
    /// The most keys of one app that are in force, those of a grace time among them.
    package var keysMax = 32
    /// A record that stands already is written again before a publish if it is older, in milliseconds: so that no
    /// sweep takes it for forgotten.
    package var refreshAfterMilliseconds: Int64 = 3_600_000

    package init() {}
}

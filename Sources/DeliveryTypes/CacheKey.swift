import Crypto

/// What one stored rendition is found under: everything that its bytes depend on, and nothing else.
///
/// Two URLs that ask for the same thing in other words have one key. The expiry, the file name and `att` are not in it;
/// the cache buster is.
package struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// `{source} {negotiated formats, or -} {canonical options}`.
    package let text: String

    /// The key for a transformation to which the client's hints have been applied.
    ///
    /// `formats` is what negotiation found, best first; it counts only where the transformation names no format.
    package init(source: SourceReference, transformation: Transformation, negotiated formats: [ImageFormat] = []) {
        let isNegotiated = transformation.format == nil && !transformation.raw
        let formatClass = isNegotiated ? Negotiation.formatClass(formats) : "-"
        // Only ASCII without spaces is left: texts are compared byte by byte, where Swift would take two spellings of
        // an accented letter for one, and the parts cannot run into each other.
        let address = PercentEncoding.encode(source.text) { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
        text = address + " " + formatClass + " " + transformation.renditionKeyText
    }

    package var description: String { text }

    /// SHA-256 of the text: a name of fixed length for files and entity tags.
    package var digest: ContentDigest { ContentDigest(bytes: Array(SHA256.hash(data: Array(text.utf8)))) }
}

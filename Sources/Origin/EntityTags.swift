import Crypto
import HTTPSemantics
import NIOCore

/// How entity tags of deliveries are made.
enum EntityTags {
    /// The tag of a rendition whose bytes follow from its inputs: known before anything is rendered.
    ///
    /// `engine` is the version of everything that turns inputs into bytes, `key` the canonical text of transformation
    /// and negotiated formats, `identity` says what the sources' bytes are, such as content hashes.
    static func tag(engine: String, key: String, identity: String) -> EntityTag {
        var hash = SHA256()
        for part in [engine, key, identity] {
            hash.update(data: Array(part.utf8))
            hash.update(data: [0])
        }
        return EntityTag(text(hash.finalize()))
    }

    /// The tag of a body: its hash.
    static func tag(of body: ByteBuffer) -> EntityTag {
        EntityTag(text(SHA256.hash(data: body.readableBytesView)))
    }

    /// The first 96 bits in hexadecimal.
    private static func text(_ digest: SHA256Digest) -> String {
        digest.prefix(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

import Crypto
package import DeliveryTypes

/// Names the event stream of one key in a URL, without saying the key.
///
/// An event source in a browser sends no fields of its own, so the URL has to be enough; it ends up in logs, where a
/// server's key must not. Who knows the name can learn when an app changes, and nothing else.
package enum EventChannel {
    /// 32 hexadecimal digits, from the key's SHA-256; the same on every node.
    package static func name(ofKey digest: ContentDigest) -> String {
        let hash = SHA256.hash(data: Array("vitrine event channel\n".utf8) + Array(digest.hex.utf8))
        return String(ContentDigest(bytes: Array(hash)).hex.prefix(32))
    }
}

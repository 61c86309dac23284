/// One file of the page, as it is sent to a browser.
package struct ConsoleAsset: Sendable {
    /// Absolute URL path: "/" for the page itself, "/page/…" for what it loads.
    package let path: String
    /// Value of `Content-Type`, with the character set where it is text.
    package let mediaType: String
    package let bytes: [UInt8]
    /// Strong entity tag with its quotes; it changes when a byte changes.
    package let etag: String

    init(path: String, mediaType: String, bytes: [UInt8]) {
        self.path = path
        self.mediaType = mediaType
        self.bytes = bytes
        self.etag = ConsoleAsset.entityTag(of: bytes)
    }

    /// FNV-1a (64 bit) and the length: enough for files that only we write, where no one profits from a collision.
    private static func entityTag(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01b3
        }
        return "\"" + String(hash, radix: 16) + "-" + String(bytes.count, radix: 16) + "\""
    }
}

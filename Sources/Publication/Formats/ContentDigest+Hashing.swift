import Crypto
package import DeliveryTypes

extension ContentDigest {
    /// The SHA-256 of the bytes: some 2 ms per megabyte, so big ones belong off the event loop.
    package init(of bytes: [UInt8]) {
        self.init(bytes: Array(SHA256.hash(data: bytes)))
    }
}

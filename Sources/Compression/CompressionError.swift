/// What compression and decompression can refuse.
package enum CompressionError: Error, Equatable, Sendable {
    /// More bytes than the limit allows, before or after. Never retry.
    case tooLarge(bytesMax: Int)
    /// Not a body of this coding, or cut short. The sender's fault.
    case malformed
    /// `dcz` without a dictionary, or with another than the body names. The caller's fault.
    case wrongDictionary
    /// A library found no memory. Retry later.
    case outOfMemory
}

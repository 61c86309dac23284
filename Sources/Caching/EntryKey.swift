import Crypto

/// Names one cached response: the first 16 bytes of the SHA-256 of its key text, big-endian.
///
/// The same text gives the same key on every node and after every restart. Two texts share one with a probability of
/// about n² / 2¹²⁹ among n entries; readers of the disk tier compare the text as well.
package struct EntryKey: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The key of a text of any length; costs one SHA-256.
    package init(of text: some Sequence<UInt8>) {
        var hasher = SHA256()
        hasher.update(data: Array(text))
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in hasher.finalize().prefix(16).enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }
}

/// How the unit of an exposure is written into its event.
package enum UnitNaming: Hashable, Sendable {
    /// As the attribute's value.
    case plain
    /// As HMAC-SHA-256 (RFC 2104) of `attribute||value` under a key of at least 16 bytes: the same unit has the same
    /// name wherever the same key is used, and nobody without the key can tell whose it is.
    case hashed(key: [UInt8])
}

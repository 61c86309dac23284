/// Who a rate limit counts.
///
/// Hashed with Swift's keyed hash (SipHash, a new key in each process), so nobody outside can make keys collide.
package enum RateKey: Hashable, Sendable {
    /// One IPv4 address.
    case ipv4(UInt32)
    /// The first 64 bits of an IPv6 address: what one customer or host gets.
    case ipv6Network(UInt64)
    case tenant(String)

    /// A client by its address; IPv4 inside IPv6 (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) is IPv4.
    package init(client address: NetworkAddress) {
        switch address {
        case .v4(let number): self = .ipv4(number)
        case .v6(0, let low) where low >> 32 == 0xffff: self = .ipv4(UInt32(truncatingIfNeeded: low))
        case .v6(let high, _): self = .ipv6Network(high)
        }
    }
}

import NIOCore

/// What counts as one client for the limits: an IPv4 address, or the /64 network of an IPv6 address.
struct ClientAddress: Hashable, Sendable {
    private let bits: UInt64
    private let isIPv6: Bool

    /// `nil` for addresses that are neither (Unix sockets), which have no limit of their own.
    init?(_ address: SocketAddress?) {
        // SAFETY: a sockaddr_in has its address in the bytes 4 to 8, a sockaddr_in6 in the bytes 8 to 24 (both are
        // read inside their size, unaligned).
        switch address {
        case .v4(let v4):
            bits = unsafe withUnsafeBytes(of: v4.address) { bytes in
                unsafe UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
            }
            isIPv6 = false
        case .v6(let v6):
            let (network, interface) = unsafe withUnsafeBytes(of: v6.address) { bytes in
                unsafe (
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                )
            }
            // ::ffff:a.b.c.d is the IPv4 client.
            let isMapped = network == 0 && interface >> 32 == 0xFFFF
            bits = isMapped ? interface & 0xFFFF_FFFF : network
            isIPv6 = !isMapped
        default:
            return nil
        }
    }
}

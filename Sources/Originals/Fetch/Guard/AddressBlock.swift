/// A range of addresses in CIDR notation: `10.0.0.0/8`, `fc00::/7`, or a single address.
package struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    /// The first address; bits behind the prefix are zero.
    package let first: IPAddress
    /// Leading bits that are the same in all addresses of the block: 0…32 or 0…128.
    package let prefixLength: Int

    /// Reads `address/length` or one `address`; `nil` when malformed or when bits behind the prefix are set.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = IPAddress(parts[0]) else { return nil }
        var length = first.width
        if parts.count == 2 {
            guard let written = Int(parts[1]), (0...first.width).contains(written) else { return nil }
            length = written
        }
        self.first = first
        prefixLength = length
        guard masked(first) == first else { return nil }
    }

    /// Only addresses of the same family are ever inside.
    package func contains(_ address: IPAddress) -> Bool {
        address.width == first.width && masked(address) == first
    }

    package var description: String { "\(first)/\(prefixLength)" }

    private func masked(_ address: IPAddress) -> IPAddress {
        switch address {
        case .v4(let value): .v4(prefixLength == 0 ? 0 : value & (UInt32.max << UInt32(32 - prefixLength)))
        case .v6(let value): .v6(prefixLength == 0 ? 0 : value & (UInt128.max << UInt128(128 - prefixLength)))
        }
    }
}

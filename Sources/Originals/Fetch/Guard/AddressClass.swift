/// What an address is for, after the IANA special-purpose registries (RFC 6890 and its successors).
package enum AddressClass: String, Hashable, Sendable, CaseIterable {
    /// Reachable by everybody: the only class from which sources are fetched by default.
    case global
    case unspecified
    case loopback
    case linkLocal
    /// RFC 1918, unique local (fc00::/7) and the old site-local range.
    case privateUse
    /// Carrier-grade NAT, RFC 6598.
    case sharedCarrier
    case protocolAssignment
    case documentation
    case benchmarking
    case multicast
    case broadcast
    case reserved
    /// A cloud's service for its own machines, reachable from inside on an address that looks public.
    case platform
    /// IPv6 text for an IPv4 address: ::ffff:0:0/96.
    case mapped
    /// ::/96, given up by RFC 4291.
    case compatible
    case nat64
    case sixToFour
    case teredo

    /// Classifies by the most specific range; IPv6 outside 2000::/3 is never global.
    package init(_ address: IPAddress) {
        let table = address.width == 32 ? Self.version4 : Self.version6
        self = table.first { $0.block.contains(address) }?.kind ?? (address.width == 32 ? .global : .reserved)
    }

    private struct Row {
        let block: AddressBlock
        let kind: AddressClass

        init(_ text: String, _ kind: AddressClass) {
            guard let block = AddressBlock(text) else { preconditionFailure("bad block \(text)") }
            self.block = block
            self.kind = kind
        }
    }

    private static let version4: [Row] = [
        Row("0.0.0.0/32", .unspecified),
        Row("0.0.0.0/8", .reserved),
        Row("10.0.0.0/8", .privateUse),
        Row("100.64.0.0/10", .sharedCarrier),
        Row("127.0.0.0/8", .loopback),
        Row("168.63.129.16/32", .platform),
        Row("169.254.0.0/16", .linkLocal),
        Row("172.16.0.0/12", .privateUse),
        Row("192.0.0.0/24", .protocolAssignment),
        Row("192.0.2.0/24", .documentation),
        Row("192.88.99.0/24", .reserved),
        Row("192.168.0.0/16", .privateUse),
        Row("198.18.0.0/15", .benchmarking),
        Row("198.51.100.0/24", .documentation),
        Row("203.0.113.0/24", .documentation),
        Row("224.0.0.0/4", .multicast),
        Row("255.255.255.255/32", .broadcast),
        Row("240.0.0.0/4", .reserved),
    ]

    private static let version6: [Row] = [
        Row("::/128", .unspecified),
        Row("::1/128", .loopback),
        Row("::ffff:0:0/96", .mapped),
        Row("::/96", .compatible),
        Row("64:ff9b::/96", .nat64),
        Row("64:ff9b:1::/48", .nat64),
        Row("100::/64", .reserved),
        Row("2001::/32", .teredo),
        Row("2001:2::/48", .benchmarking),
        Row("2001:db8::/32", .documentation),
        Row("2001::/23", .protocolAssignment),
        Row("2002::/16", .sixToFour),
        Row("3fff::/20", .documentation),
        Row("2000::/3", .global),
        Row("fc00::/7", .privateUse),
        Row("fe80::/10", .linkLocal),
        Row("fec0::/10", .privateUse),
        Row("ff00::/8", .multicast),
    ]
}

/// Decides to which addresses the server may connect on a stranger's behalf (server-side request forgery).
///
/// Denies by default: only `AddressClass.global` passes. An operator may except whole classes or single blocks. An IPv6
/// address that carries an IPv4 address (mapped, NAT64, 6to4, …) passes only if a block excepts the outer form *and*
/// the inner address passes as well, so that no notation is a way round the guard.
package struct AddressGuard: Hashable, Sendable {
    /// 127.0.0.0/8 and ::1.
    package var allowsLoopback: Bool
    /// 169.254.0.0/16 and fe80::/10: where clouds keep their metadata services.
    package var allowsLinkLocal: Bool
    /// RFC 1918, fc00::/7 and fec0::/10.
    package var allowsPrivate: Bool
    /// Blocks that pass whatever their class.
    package var exceptions: [AddressBlock]

    package init(
        allowsLoopback: Bool = false,
        allowsLinkLocal: Bool = false,
        allowsPrivate: Bool = false,
        exceptions: [AddressBlock] = []
    ) {
        self.allowsLoopback = allowsLoopback
        self.allowsLinkLocal = allowsLinkLocal
        self.allowsPrivate = allowsPrivate
        self.exceptions = exceptions
    }

    package func permits(_ address: IPAddress) -> Bool {
        let kind = AddressClass(address)
        guard let inner = Self.embedded(in: address, kind) else {
            return permits(kind) || isExcepted(address)
        }
        return isExcepted(address) && permits(inner)
    }

    private func permits(_ kind: AddressClass) -> Bool {
        switch kind {
        case .global: true
        case .loopback: allowsLoopback
        case .linkLocal: allowsLinkLocal
        case .privateUse: allowsPrivate
        default: false
        }
    }

    private func isExcepted(_ address: IPAddress) -> Bool {
        exceptions.contains { $0.contains(address) }
    }

    /// The IPv4 address inside an IPv6 one; `nil` if the form carries none (or none that can be known).
    private static func embedded(in address: IPAddress, _ kind: AddressClass) -> IPAddress? {
        guard case .v6(let value) = address else { return nil }
        switch kind {
        case .mapped, .compatible: return .v4(UInt32(truncatingIfNeeded: value))
        case .nat64: return .v4(UInt32(truncatingIfNeeded: value))
        case .sixToFour: return .v4(UInt32(truncatingIfNeeded: value >> 80))
        case .teredo: return .v4(~UInt32(truncatingIfNeeded: value))
        default: return nil
        }
    }
}

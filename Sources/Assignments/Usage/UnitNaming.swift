import Crypto
import DeliveryTypes
import JSON

/// How the unit of an exposure is written into its event.
package enum UnitNaming: Hashable, Sendable {
    /// As the attribute's value.
    case plain
    /// As HMAC-SHA-256 (RFC 2104) of `ATTRIBUTE||VALUE` in UTF-8, in hexadecimal: the same unit has the same name
    /// wherever the same key is used, and nobody without the key can tell whose it is. A key has 16 bytes at least.
    case hashed(key: [UInt8])

    /// The unit's name in an event.
    package func name(of exposure: Exposure) -> String {
        switch self {
        case .plain: return exposure.unit.text
        case .hashed(let key):
            let text = "\(exposure.attribute.text)||\(exposure.unit.text)"
            let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key))
            return ContentDigest(bytes: Array(code)).hex
        }
    }
}

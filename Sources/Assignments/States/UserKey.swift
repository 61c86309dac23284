import Crypto
package import DeliveryTypes
package import JSON
import ObjectStorage

/// Names the state of one user in one app: the app's name and the SHA-256 of `attribute||value`.
package struct UserKey: Sendable {
    /// The app's name, as in its URLs.
    package let app: String
    /// SHA-256 of the attribute's name, `||` and its value, in UTF-8.
    package let digest: ContentDigest
    /// Where the state is in the store.
    let objectKey: ObjectKey

    /// The state of the unit whose attribute (a hash or fallback attribute such as `id`) has this value, as text.
    ///
    /// `nil` if there is no state under such a name: `app` is not `[a-z0-9][a-z0-9._-]{0,62}`, the attribute's name or
    /// value is empty or has half a surrogate pair, or the name has a `|`, which could make two units' names one.
    package init?(app: String, attribute: ExactString, value: ExactString) {
        guard Self.isName(app), let name = attribute.wellFormed, let unit = value.wellFormed, !name.isEmpty,
            !unit.isEmpty, !name.utf8.contains(UInt8(ascii: "|"))
        else { return nil }
        let digest = ContentDigest(bytes: Array(SHA256.hash(data: Array("\(name)||\(unit)".utf8))))
        let hex = digest.hex
        do throws(ObjectStoreError) {
            objectKey = try ObjectKey("users/\(app)/\(hex.prefix(2))/\(hex).json")
        } catch {
            return nil
        }
        self.app = app
        self.digest = digest
    }

    private static func isName(_ app: String) -> Bool {
        let bytes = Array(app.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) }
        guard let first = bytes.first, isAlphanumeric(first), bytes.count <= 63 else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
    }
}

/// Equal when app and digest are: both are ASCII or bytes.
extension UserKey: Hashable {
    package static func == (left: UserKey, right: UserKey) -> Bool {
        left.digest == right.digest && left.app == right.app
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(app)
        hasher.combine(digest)
    }
}

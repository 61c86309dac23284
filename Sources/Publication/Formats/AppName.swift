/// The name of an app whose settings are published: `[a-z0-9][a-z0-9._-]{0,62}`.
///
/// A name is a part of object keys and of URL paths as it is.
package struct AppName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Names that no app can have: the admin interface has other things at their places.
    package static let reserved: Set<String> = ["sweep", "node"]
    /// The longest name, in bytes.
    package static let bytesMax = 63

    package let text: String

    /// `nil` if the text is no such name.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= Self.bytesMax, Self.isAlphanumeric(first),
            bytes.allSatisfy({ Self.isAlphanumeric($0) || [0x2d, 0x2e, 0x5f].contains($0) })
        else { return nil }
        self.text = String(text)
    }

    package var description: String { text }

    package static func < (left: AppName, right: AppName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

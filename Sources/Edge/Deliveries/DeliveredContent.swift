import Crypto

/// What a delivered picture is counted under: its source as the URL names it, whatever was asked of it.
///
/// Two are equal when their names have the same bytes; the hash is made once, so that counting costs no more than a
/// comparison.
package final class DeliveredContent: Sendable {
    /// A longer name would not fit into an event: it is replaced by its digest.
    package static let nameBytesMax = 256
    /// Stands for contents whose names there was no room for.
    package static let others = DeliveredContent("(others)")

    /// 1 to `nameBytesMax` bytes without control characters.
    package let name: String
    /// Of the name, under the process's own secret.
    let digest: Int

    /// `source` is the picture's source, or any text that names it.
    package init(_ source: String) {
        name = Self.fitting(source)
        var hasher = Hasher()
        for byte in name.utf8 { hasher.combine(byte) }
        digest = hasher.finalize()
    }

    /// The text itself, or `sha256:` and 64 hexadecimal digits where an event could not have it.
    private static func fitting(_ source: String) -> String {
        let bytes = source.utf8
        let hasControl = bytes.contains { $0 < 0x20 || $0 == 0x7F }
        if !bytes.isEmpty, bytes.count <= nameBytesMax, !hasControl { return source }
        let digits = SHA256.hash(data: Array(bytes)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "sha256:" + digits.joined()
    }
}

extension DeliveredContent: Hashable {
    package static func == (one: DeliveredContent, other: DeliveredContent) -> Bool {
        one === other || (one.digest == other.digest && one.name.utf8.elementsEqual(other.name.utf8))
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

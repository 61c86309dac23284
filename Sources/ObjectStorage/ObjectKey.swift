import DeliveryTypes

/// The name of an object in a store: `/`-separated segments such as `originals/3972/b1/3972b1….jpg`.
///
/// A key has 1 to 1,024 bytes of UTF-8, no leading or trailing `/`, no empty, `.` or `..` segment, and no control
/// character (U+0000–U+001F, U+007F). Keys are equal, hashed and ordered by their bytes: Swift's own comparison of
/// strings takes canonically equivalent texts for one, which no store does.
///
/// A portable caller uses no key that is the folder of another (`a` beside `a/b`): a file system cannot hold both.
package struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest key, in bytes.
    package static let bytesMax = 1024

    package let text: String

    /// - Throws: `ObjectStoreError.invalidKey` with the rule that `text` breaks.
    package init(_ text: String) throws(ObjectStoreError) {
        if let reason = Self.fault(in: text.utf8) {
            throw .invalidKey(text, reason: reason)
        }
        self.text = text
    }

    package var description: String { text }

    /// The segments, in order; never empty.
    package var segments: [Substring] { text.split(separator: "/") }

    /// The last segment.
    package var name: Substring { segments[segments.count - 1] }

    /// The media type that the extension tells: pictures, `json`, `ndjson` and `txt`; else `application/octet-stream`.
    package var mediaType: String {
        guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
        let suffix = name[name.index(after: dot)...]
        if let format = ImageFormat(name: suffix) { return format.mediaType }
        switch suffix {
        case "json": return "application/json"
        case "ndjson": return "application/x-ndjson"
        case "txt": return "text/plain; charset=utf-8"
        default: return "application/octet-stream"
        }
    }

    package static func == (left: ObjectKey, right: ObjectKey) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xff))
    }

    /// What keeps `bytes` from being a key; `nil` if nothing does.
    private static func fault(in bytes: String.UTF8View) -> String? {
        if bytes.isEmpty { return "a key is not empty" }
        if bytes.count > bytesMax { return "a key has at most \(bytesMax) bytes" }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "a key has no control characters" }
        for segment in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if segment.isEmpty { return "a key has no empty segments and no leading or trailing slash" }
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
                return "a key has no . or .. segments"
            }
        }
        return nil
    }
}

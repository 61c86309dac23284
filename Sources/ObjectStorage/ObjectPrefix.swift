/// The beginning of keys, by which a store lists: nothing at all, whole segments (`originals/`) or a part of one
/// (`originals/39`).
package struct ObjectPrefix: Hashable, Sendable, CustomStringConvertible {
    /// Every key.
    package static let all = ObjectPrefix()

    package let text: String

    /// - Throws: `ObjectStoreError.invalidKey` if no key can begin so.
    package init(_ text: String) throws(ObjectStoreError) {
        // A prefix is good if some key begins with it; "x" completes the last segment, also after `.` and `..`.
        if text.utf8.count >= ObjectKey.bytesMax { throw .invalidKey(text, reason: "no key is that long") }
        _ = try ObjectKey(text + "x")
        self.text = text
    }

    private init() { text = "" }

    package var description: String { text }

    package func matches(_ key: ObjectKey) -> Bool { key.text.utf8.starts(with: text.utf8) }

    package static func == (left: ObjectPrefix, right: ObjectPrefix) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

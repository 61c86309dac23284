package import DeliveryTypes
package import ObjectStorage

/// Where an original is kept: `originals/3972/b1/3972b1….jpg`, and its record beside it, `3972b1….json`.
///
/// Folders by the first four and the next two digits keep a file system's folders small: at 100 million originals each
/// of the lower ones has about six.
extension ContentDigest {
    /// What all keys of originals begin with.
    package static let originalsPrefix = "originals/"

    /// Present exactly if the original is: it is stored last and deleted first.
    package var recordKey: ObjectKey { key(extension: "json") }

    package func objectKey(_ format: ImageFormat) -> ObjectKey { key(extension: format.fileExtension) }

    /// What the keys of the record and the bytes begin with, up to the dot.
    package var keyStem: String {
        let hex = hex
        return Self.originalsPrefix + hex.prefix(4) + "/" + hex.dropFirst(4).prefix(2) + "/" + hex + "."
    }

    /// The original whose record has the key; `nil` if it is not a record's key.
    init?(recordKey key: ObjectKey) {
        guard key.name.hasSuffix(".json"), let digest = ContentDigest(hex: key.name.dropLast(5)),
            digest.recordKey == key
        else { return nil }
        self = digest
    }

    private func key(extension suffix: String) -> ObjectKey {
        do {
            return try ObjectKey(keyStem + suffix)
        } catch {
            // Hexadecimal digits and a format's extension break no rule of keys.
            preconditionFailure("\(error)")
        }
    }
}

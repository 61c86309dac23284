import Compression
import DeliveryTypes
import Synchronization

/// Keeps dictionaries prepared for compression: the last few that were asked for.
final class DictionaryShelf: Sendable {
    /// One takes a few megabytes.
    static let countMax = 16

    /// The last used one at the end.
    private let shelf = Mutex<[ZstdDictionary]>([])

    /// The dictionary ready for use.
    ///
    /// The first call for each takes milliseconds.
    func prepared(_ dictionary: SettingsDictionary) throws(CompressionError) -> ZstdDictionary {
        let found = shelf.withLock { shelf -> ZstdDictionary? in
            guard let index = shelf.firstIndex(where: { $0.digest.hex == dictionary.digest }) else { return nil }
            let found = shelf.remove(at: index)
            shelf.append(found)
            return found
        }
        if let found { return found }
        guard let digest = ContentDigest(hex: dictionary.digest) else { throw .wrongDictionary }
        let made = try ZstdDictionary(dictionary.bytes, digest: digest)
        shelf.withLock { shelf in
            if shelf.count >= Self.countMax { shelf.removeFirst() }
            shelf.append(made)
        }
        return made
    }
}

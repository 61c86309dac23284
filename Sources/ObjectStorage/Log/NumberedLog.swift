package import NIOCore

/// A log of small numbered objects: whoever creates the next number has written the entry, and nobody changes it.
///
/// **Promises.** Numbers begin with 1 and have no gaps, as long as every writer appends the number after one that it
/// has seen. Of several that append the same number exactly one is told `.appended`, on a folder and on any store
/// with put-if-absent alike; the others are told what stands there. An append whose answer got lost is settled by
/// reading back, for which every writer's bytes must differ from any other's: they hold a nonce.
///
/// **Costs.** One listing for the latest number if it is at most 1,000 past the `known` one, else a few dozen small
/// ones (gallop and halve, by the store's order of keys). One round trip per entry read or appended.
///
/// **May fail** with `ObjectStoreError`. After an error of `append` other than `invalidKey` the entry may be there, now
/// or a little later, in case the store finishes what it did not answer.
package struct NumberedLog: Sendable {
    /// The largest number: 20 digits hold it.
    package static let numberMax = Int.max - 1

    package let store: any ObjectStore
    /// What the keys of the entries begin with; ends in a slash.
    package let folder: ObjectPrefix
    /// No entry is longer, in bytes.
    package let entryBytesMax: Int

    /// How often an append whose answer got lost is repeated.
    private static let attemptsMax = 3

    /// - Precondition: `folder` ends in a slash and is at most 900 bytes long.
    package init(store: any ObjectStore, folder: ObjectPrefix, entryBytesMax: Int = 256 << 10) {
        precondition(folder.text.utf8.last == UInt8(ascii: "/") && folder.text.utf8.count <= 900)
        self.store = store
        self.folder = folder
        self.entryBytesMax = entryBytesMax
    }

    /// The highest number; 0 if there is no entry.
    ///
    /// `known` is one that was seen before: it makes the search short.
    ///
    /// - Throws: As the store does.
    package func latest(after known: Int = 0) async throws(ObjectStoreError) -> Int {
        let start = max(0, known)
        let page = try await store.list(prefix: folder, after: key(start), limit: 1000)
        var low = page.objects.lazy.compactMap { number(of: $0.key) }.last ?? start
        guard page.next != nil else { return low }
        // Something may be beyond `low`; find a number that nothing is beyond.
        var step = 1024
        while low < Self.numberMax - step, let found = try await first(after: low + step) {
            low = found
            step *= 2
        }
        var high = low < Self.numberMax - step ? low + step : Self.numberMax
        // The latest is in low...high, and there is an entry `low`.
        while low < high {
            let middle = low + (high - low) / 2
            if let found = try await first(after: middle) { low = found } else { high = middle }
        }
        return low
    }

    /// The bytes of an entry.
    ///
    /// - Throws: `notFound`; `tooLarge` if it is longer than `entryBytesMax`; else as the store does.
    package func entry(_ number: Int) async throws(ObjectStoreError) -> ByteBuffer {
        try await store.get(key(number)).body.collect(upTo: entryBytesMax)
    }

    /// Appends an entry under `number`, which must be one more than a number that was seen (or 1).
    ///
    /// `bytes` must differ from what any other writer may append under the number.
    ///
    /// - Throws: `tooLarge` if it is longer than `entryBytesMax`; else as the store does.
    package func append(_ bytes: ByteBuffer, as number: Int) async throws(ObjectStoreError) -> AppendOutcome {
        guard bytes.readableBytes <= entryBytesMax else { throw .tooLarge(limit: entryBytesMax) }
        let key = key(number)
        var attempt = 1
        while true {
            do throws(ObjectStoreError) {
                if try await store.putIfAbsent(.bytes(bytes), at: key) == .created { return .appended }
                // There is one; after a lost answer it may be ours.
                let standing = try await entry(number)
                return standing == bytes ? .appended : .taken(by: standing)
            } catch {
                switch error {
                case .unavailable(let retryable, _) where retryable && attempt < Self.attemptsMax: attempt += 1
                case .unavailable, .full, .cancelled, .notFound: return try await settle(bytes, number, after: error)
                default: throw error
                }
            }
        }
    }

    /// The key of an entry.
    ///
    /// - Precondition: `number` is not negative.
    package func key(_ number: Int) -> ObjectKey {
        precondition(number >= 0, "numbers begin with 1")
        let digits = String(number)
        do {
            return try ObjectKey(folder.text + String(repeating: "0", count: 20 - digits.count) + digits + ".json")
        } catch {
            // A folder is the beginning of keys, and digits break no rule.
            preconditionFailure("\(error)")
        }
    }

    /// The number in a key of this log; `nil` for any other key.
    package func number(of key: ObjectKey) -> Int? {
        let name = key.name
        guard name.utf8.count == 25, name.hasSuffix(".json"), let number = Int(name.dropLast(5)), number > 0,
            self.key(number) == key
        else { return nil }
        return number
    }

    /// The first number greater than `number`; `nil` if there is none.
    private func first(after number: Int) async throws(ObjectStoreError) -> Int? {
        let page = try await store.list(prefix: folder, after: key(number), limit: 1)
        return page.objects.lazy.compactMap { self.number(of: $0.key) }.first
    }

    /// What became of an append that failed with `failure`.
    ///
    /// - Throws: `failure` if there is no such entry, or if that cannot be seen either.
    private func settle(
        _ bytes: ByteBuffer,
        _ number: Int,
        after failure: ObjectStoreError
    ) async throws(ObjectStoreError) -> AppendOutcome {
        do throws(ObjectStoreError) {
            let standing = try await entry(number)
            return standing == bytes ? .appended : .taken(by: standing)
        } catch {
            throw failure
        }
    }
}

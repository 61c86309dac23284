import NIOCore
import ObjectStorage

extension ObjectStoreConformance {
    static let reading: [ObjectStoreConformance] = [
        ObjectStoreConformance("an object that was never put is not found") { store in
            let key = try ObjectKey("a/missing.jpg")
            try await requireNotFound(key) { () throws(ObjectStoreError) in _ = try await store.head(key) }
            try await requireNotFound(key) { () throws(ObjectStoreError) in _ = try await store.get(key) }
            try await requireNotFound(key) { () throws(ObjectStoreError) in
                _ = try await store.get(key, range: 0..<1)
            }
            // The folder of an object is not an object.
            try await store.put([1], "a/b/c.jpg")
            let folder = try ObjectKey("a/b")
            try await requireNotFound(folder) { () throws(ObjectStoreError) in _ = try await store.head(folder) }
            try await requireNotFound(folder) { () throws(ObjectStoreError) in _ = try await store.get(folder) }
        },
        ObjectStoreConformance("head, get and list agree about an object") { store in
            let key = try ObjectKey("pictures/one.png")
            try await store.put([1, 2, 3], key.text)
            let head = try await store.head(key)
            let got = try await store.get(key)
            let listed = try await store.list(prefix: ObjectPrefix("pictures/"), after: nil, limit: 10)
            try require(head.key == key && head.size == 3, "head tells key and size")
            try require(head.mediaType == "image/png", "the media type follows from the extension")
            try require(got.metadata.size == 3 && got.metadata.entityTag == head.entityTag, "get agrees with head")
            try require(got.range == 0..<3, "the range of a whole object is all of it")
            try require(listed.objects.map(\.key) == [key], "the object is listed")
            try require(listed.objects[0].size == 3, "list agrees with head about the size")
            try require(listed.objects[0].entityTag == head.entityTag, "list agrees with head about the tag")
        },
        ObjectStoreConformance("a range gives these bytes, cut off at the end") { store in
            let bytes = Array(UInt8(0)..<100)
            try await store.put(bytes, "r.bin")
            try require(try await store.bytes("r.bin", range: 10..<20) == Array(bytes[10..<20]), "a middle range")
            try require(try await store.bytes("r.bin", range: 90..<1000) == Array(bytes[90...]), "a range past the end")
            try require(try await store.bytes("r.bin", range: 0..<1) == [0], "the first byte")
            let stored = try await store.get(ObjectKey("r.bin"), range: 90..<1000)
            try require(stored.range == 90..<100 && stored.metadata.size == 100, "range and size are told")
        },
        ObjectStoreConformance("a range that begins at or after the end is refused with the size") { store in
            try await store.put([1, 2, 3], "r.bin")
            try await store.put([], "empty.bin")
            for (name, range, size) in [("r.bin", 3..<4, 3), ("r.bin", 50..<60, 3), ("empty.bin", 0..<1, 0)] {
                let key = try ObjectKey(name)
                let error = try await failure("\(name) \(range)") { () throws(ObjectStoreError) in
                    _ = try await store.get(key, range: range)
                }
                guard case .invalidRange(let told) = error, told == size else {
                    throw ConformanceFailure("\(error) is not invalidRange(\(size))", file: #fileID, line: #line)
                }
            }
        },
        ObjectStoreConformance("an empty object is an object") { store in
            try await store.put([], "empty.json")
            try require(try await store.head(ObjectKey("empty.json")).size == 0, "it has no bytes")
            try require(try await store.bytes("empty.json") == [], "its body ends at once")
        },
        ObjectStoreConformance("a large object comes in pieces and is the same") { store in
            var random = SeededGenerator(seed: 7)
            let bytes = random.bytes(3_000_001)
            try await store.put(bytes, "large.bin")
            var got: [UInt8] = []
            for try await piece in try await store.get(ObjectKey("large.bin")).body {
                try require(piece.readableBytes > 0, "no piece is empty")
                got += piece.readableBytesView
            }
            try require(got == bytes, "all bytes, in order")
            let part = try await store.bytes("large.bin", range: 999_999..<2_000_003)
            try require(part == Array(bytes[999_999..<2_000_003]), "a large range")
        },
        ObjectStoreConformance("collecting stops at the caller's limit") { store in
            try await store.put(Array(repeating: 1, count: 1000), "x.bin")
            let stored = try await store.get(ObjectKey("x.bin"))
            let error = try await failure("limit") { () throws(ObjectStoreError) in
                _ = try await stored.body.collect(upTo: 999)
            }
            guard case .tooLarge(limit: 999) = error else {
                throw ConformanceFailure("\(error) is not tooLarge(999)", file: #fileID, line: #line)
            }
        },
        ObjectStoreConformance("a reading that began before a replacement never mixes") { store in
            let old = [UInt8](repeating: 1, count: 2_000_000)
            let new = [UInt8](repeating: 2, count: 2_000_000)
            try await store.put(old, "x.bin")
            let stored = try await store.get(ObjectKey("x.bin"))
            try await store.put(new, "x.bin")
            // An error is allowed: a remote store may notice the change.
            let got = try? await stored.body.collect(upTo: 4_000_000)
            if let got { try require(Array(got.readableBytesView) == old, "the old bytes to their end") }
            try require(try await store.bytes("x.bin") == new, "a later reading sees the new bytes")
        },
        ObjectStoreConformance("a local file, if there is one, holds the bytes") { store in
            try await store.put([5, 6, 7], "a/b.bin")
            guard let path = try await store.localFile(for: ObjectKey("a/b.bin")) else { return }
            try await store.put(.file(path: path, size: 3), at: ObjectKey("copy.bin"))
            try require(try await store.bytes("copy.bin") == [5, 6, 7], "the path's bytes are the object's")
            let missing = try ObjectKey("a/c.bin")
            try await requireNotFound(missing) { () throws(ObjectStoreError) in
                _ = try await store.localFile(for: missing)
            }
        },
    ]
}

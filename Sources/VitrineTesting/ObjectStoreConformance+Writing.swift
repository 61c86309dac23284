import NIOCore
import ObjectStorage

extension ObjectStoreConformance {
    static let writing: [ObjectStoreConformance] = [
        ObjectStoreConformance("put replaces, and the entity tag changes") { store in
            let key = try ObjectKey("x.txt")
            try await store.put([1], key.text)
            let first = try await store.head(key)
            try await store.put([2, 2], key.text)
            let second = try await store.head(key)
            try require(try await store.bytes(key.text) == [2, 2], "the new bytes")
            try require(second.size == 2, "the new size")
            try require(first.entityTag == nil || first.entityTag != second.entityTag, "another tag")
        },
        ObjectStoreConformance("putting the same bytes twice is one object") { store in
            try await store.put([9, 9], "x.txt")
            try await store.put([9, 9], "x.txt")
            try require(try await store.bytes("x.txt") == [9, 9], "the bytes")
            try require(try await store.keys("", pagesOf: 10) == ["x.txt"], "one object")
        },
        ObjectStoreConformance("a file is put and stays where it is") { store in
            let folder = try TemporaryFolder()
            var random = SeededGenerator(seed: 11)
            let bytes = random.bytes(1_500_000)
            let path = try folder.write(bytes, to: "source")
            try await store.put(.file(path: path, size: bytes.count), at: ObjectKey("x.bin"))
            try await store.put(.file(path: path, size: bytes.count), at: ObjectKey("x.bin"))
            let outcome = try await store.putIfAbsent(.file(path: path, size: bytes.count), at: ObjectKey("y.bin"))
            try require(outcome == .created, "the second key was free")
            try require(try folder.files() == ["source"], "the file is still there")
            try require(try await store.bytes("x.bin") == bytes, "put stored its bytes")
            try require(try await store.bytes("y.bin") == bytes, "putIfAbsent stored its bytes")
        },
        ObjectStoreConformance("a file of another length is refused and nothing is stored") { store in
            let folder = try TemporaryFolder()
            let path = try folder.write([1, 2, 3], to: "source")
            let key = try ObjectKey("x.bin")
            for size in [2, 4] {
                let error = try await failure("size \(size)") { () throws(ObjectStoreError) in
                    try await store.put(.file(path: path, size: size), at: key)
                }
                guard case .sizeMismatch(expected: size, actual: _) = error else {
                    throw ConformanceFailure("\(error) is not sizeMismatch", file: #fileID, line: #line)
                }
            }
            try await requireNotFound(key) { () throws(ObjectStoreError) in _ = try await store.head(key) }
        },
        ObjectStoreConformance("put if absent leaves an object that is there") { store in
            let key = try ObjectKey("log/1.json")
            let first = try await store.putIfAbsent(.bytes(ByteBuffer(bytes: [1])), at: key)
            let second = try await store.putIfAbsent(.bytes(ByteBuffer(bytes: [2])), at: key)
            try require(first == .created && second == .existed, "the first is told created, the second existed")
            try require(try await store.bytes(key.text) == [1], "the first one's bytes stand")
        },
        ObjectStoreConformance("of many who put if absent at once exactly one has created") { store in
            let key = try ObjectKey("race/winner.bin")
            let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
                for number in UInt8(0)..<20 {
                    group.addTask {
                        let body = ByteBuffer(bytes: Array(repeating: number, count: 10_000))
                        return try await store.putIfAbsent(.bytes(body), at: key) == .created ? number : nil
                    }
                }
                return try await group.reduce(into: [UInt8]()) { winners, winner in
                    if let winner { winners.append(winner) }
                }
            }
            try require(winners.count == 1, "\(winners.count) callers were told created")
            let expected = [UInt8](repeating: winners[0], count: 10_000)
            try require(try await store.bytes(key.text) == expected, "the winner's bytes, whole")
        },
        ObjectStoreConformance("concurrent puts of one key leave one of them whole") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in UInt8(1)...8 {
                    group.addTask {
                        try await store.put(Array(repeating: number, count: 100_000 * Int(number)), "x.bin")
                    }
                    group.addTask {
                        // Nothing may be there yet.
                        guard let bytes = try? await store.bytes("x.bin") else { return }
                        let whole = bytes == Array(repeating: bytes[0], count: 100_000 * Int(bytes[0]))
                        try require(whole, "a reader sees one put's bytes, whole")
                    }
                }
                try await group.waitForAll()
            }
            let bytes = try await store.bytes("x.bin")
            try require(bytes == Array(repeating: bytes[0], count: 100_000 * Int(bytes[0])), "one put's bytes, whole")
        },
        ObjectStoreConformance("delete is idempotent, and the key is free again") { store in
            let key = try ObjectKey("a/b.txt")
            try await store.delete(key)
            try await store.put([1], key.text)
            try await store.delete(key)
            try await store.delete(key)
            try await requireNotFound(key) { () throws(ObjectStoreError) in _ = try await store.get(key) }
            try require(try await store.keys("", pagesOf: 10) == [], "it is not listed")
            let outcome = try await store.putIfAbsent(.bytes(ByteBuffer(bytes: [2])), at: key)
            try require(outcome == .created, "put if absent creates again")
        },
        ObjectStoreConformance("keys of unusual characters are kept as they are") { store in
            let composed = "caf\u{e9}.txt"
            let decomposed = "cafe\u{301}.txt"
            let names = [
                composed, decomposed, "a b/c d.txt", "100%.txt", "%2e%2e/x.txt", "q?x=1&y=2.txt", "h#1.txt",
                "a+b=c.txt",
                "semi;colon,comma.txt", "quote'\"<>.txt", "..dots../...txt", "emoji 🖼.txt", ".hidden",
            ]
            for (index, name) in names.enumerated() { try await store.put([UInt8(index)], name) }
            for (index, name) in names.enumerated() {
                try require(try await store.bytes(name) == [UInt8(index)], "\(name) has its own bytes")
            }
            let keys = try await store.keys("", pagesOf: 3).map(ObjectKey.init)
            try require(keys == names.map { try ObjectKey($0) }.sorted(), "all are listed in byte order: \(keys)")
        },
    ]
}

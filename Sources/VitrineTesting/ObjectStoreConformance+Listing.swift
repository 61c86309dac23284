import ObjectStorage

extension ObjectStoreConformance {
    static let listing: [ObjectStoreConformance] = [
        ObjectStoreConformance("a listing without objects is empty") { store in
            try require(try await store.keys("", pagesOf: 10) == [], "an empty store")
            try await store.put([1], "a/b.txt")
            try require(try await store.keys("nothing/", pagesOf: 10) == [], "a prefix of no key")
            try require(try await store.keys("a/b.txt/", pagesOf: 10) == [], "an object is not a folder")
        },
        ObjectStoreConformance("keys come in the order of their bytes, also across folders") { store in
            // "-" < "." < "/" < "0", so a folder's objects stand between its siblings.
            let names = ["a-b", "a.c", "a/b", "a/b-c/d", "a0", "B", "aa/1", "\u{e9}"]
            for name in names { try await store.put([1], name) }
            let expected = ["B", "a-b", "a.c", "a/b", "a/b-c/d", "a0", "aa/1", "\u{e9}"]
            for limit in [1, 2, 3, 100] {
                try require(try await store.keys("", pagesOf: limit) == expected, "in pages of \(limit)")
            }
        },
        ObjectStoreConformance("a prefix may end within a segment") { store in
            for name in ["originals/3972/a", "originals/3973/b", "originals/40/c", "orig", "other/d"] {
                try await store.put([1], name)
            }
            try require(
                try await store.keys("originals/397", pagesOf: 1) == ["originals/3972/a", "originals/3973/b"],
                "part of a segment"
            )
            try require(try await store.keys("originals/40/", pagesOf: 5) == ["originals/40/c"], "whole segments")
            try require(try await store.keys("orig", pagesOf: 2).count == 4, "a key is its own prefix")
        },
        ObjectStoreConformance("a listing goes on after a key that is not there") { store in
            for name in ["a/1", "a/3", "b/1"] { try await store.put([1], name) }
            for (after, expected) in [("a/2", ["a/3", "b/1"]), ("a", ["a/1", "a/3", "b/1"]), ("a0", ["b/1"])] {
                let page = try await store.list(prefix: .all, after: ObjectKey(after), limit: 10)
                try require(page.objects.map(\.key.text) == expected, "after \(after)")
                try require(page.next == nil, "a page that is not full is the last")
            }
        },
        ObjectStoreConformance("pages of a random tree are a sorted list's (model, seed 1)") { store in
            var random = SeededGenerator(seed: 1)
            var model: Set<String> = []
            let letters = ["a", "b", "-", ".x", "0", "zz"]
            func name() -> String {
                (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    (0..<Int.random(in: 1...2, using: &random))
                        .map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }.joined()
                }
                .joined(separator: "/")
            }
            for _ in 0..<150 {
                let new = name()
                // No key is the folder of another.
                let clashes = model.contains { $0.hasPrefix(new + "/") || new.hasPrefix($0 + "/") }
                if clashes { continue }
                model.insert(new)
                try await store.put([1], new)
            }
            func sorted(_ names: some Sequence<String>) -> [String] {
                names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            }
            for _ in 0..<60 {
                let prefix = Bool.random(using: &random) ? "" : String(name().prefix(2))
                let limit = Int.random(in: 1...40, using: &random)
                let expected = sorted(model.filter { $0.hasPrefix(prefix) })
                let keys = try await store.keys(prefix, pagesOf: limit)
                try require(keys == expected, "prefix '\(prefix)', pages of \(limit)")
            }
        },
    ]
}

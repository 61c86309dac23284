import Crypto
import NIOCore
import ObjectStorage
import VitrineTesting
import Warehouse

/// A store with segments as collectors leave them, and the folder that they are fetched to.
struct SegmentShelf {
    let store: any ObjectStore
    let folder: TemporaryFolder
    let folders: UsageFolders

    init(store: any ObjectStore = MemoryObjectStore()) throws {
        self.store = store
        folder = try TemporaryFolder()
        folders = UsageFolders(data: folder.path, current: "/")
    }

    var fetch: SegmentFetch { SegmentFetch(store: store, folders: folders) }

    static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: 20 - text.count) + text
    }

    static func bytes(_ node: String, _ number: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: UInt64(number) &* 31 &+ UInt64(node.utf8.count))
        return generator.bytes(100 + number * 7)
    }

    static func key(_ node: String, _ number: Int) -> String {
        "usage/segments/\(node)/\(digits(number))-\(digest(bytes(node, number))).csv.zst"
    }

    static func manifestKey(_ node: String, _ number: Int) -> String {
        "usage/manifests/\(node)/\(digits(number)).json"
    }

    static func manifest(_ node: String, _ number: Int) -> String {
        let bytes = bytes(node, number)
        return """
            {"version":1,"node":"\(node)","number":\(number),"object":"\(key(node, number))",\
            "sha256":"\(digest(bytes))","bytes":\(bytes.count),"lines":\(number),"rawBytes":\(bytes.count * 5),\
            "firstReceived":1,"lastReceived":2,"firstOccurredDay":"2026-01-01","lastOccurredDay":"2026-01-01"}
            """
    }

    func put(_ bytes: [UInt8], at key: String) async throws {
        try await store.put(.bytes(ByteBuffer(bytes: bytes)), at: try ObjectKey(key))
    }

    func delete(_ key: String) async throws { try await store.delete(try ObjectKey(key)) }

    /// Seals and ships, as a collector does.
    func ship(_ node: String, _ numbers: ClosedRange<Int>) async throws {
        for number in numbers {
            try await put(Self.bytes(node, number), at: Self.key(node, number))
            try await put(Array(Self.manifest(node, number).utf8), at: Self.manifestKey(node, number))
        }
    }

    /// Notes segments as counted, as the project does.
    func land(_ node: String, _ numbers: ClosedRange<Int>) throws {
        for number in numbers {
            let name = "\(node)/\(Self.digits(number))-\(Self.digest(Self.bytes(node, number))).json"
            try folder.write([], to: "usage/warehouse/landed/" + name)
        }
    }

    func fetched() throws -> [String] {
        try folder.files().filter { $0.hasPrefix("usage/warehouse/segments/") }.map {
            String($0.dropFirst("usage/warehouse/segments/".count))
        }
    }

    static func file(_ node: String, _ number: Int) -> String {
        "\(node)/\(digits(number))-\(digest(bytes(node, number))).csv.zst"
    }

    @discardableResult
    func run(everything: Bool = false) async throws -> SegmentFetch.Plan {
        let plan = try await fetch.plan(everything: everything)
        try await fetch.run(plan) { _ in }
        return plan
    }

    /// The error of a run that must fail; `nil` if it does not.
    func refusal(everything: Bool = false) async -> WarehouseError? {
        do {
            try await run(everything: everything)
            return nil
        } catch {
            return error as? WarehouseError
        }
    }
}

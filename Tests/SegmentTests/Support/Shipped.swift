import Compression
import Crypto
import DeliveryTypes
import HTTPSemantics
import Metering
import NIOCore
import ObjectStorage
import Testing

/// What of a node is in a store, as whoever counts reads it.
struct Shipped {
    var manifests: [SegmentManifest] = []
    /// Of all segments in order, without line feeds.
    var lines: [String] = []
    /// Keys below `usage/segments` without a manifest.
    var strays: [String] = []

    /// Reads all segments of a node, each checked against its manifest.
    static func read(_ node: String, from store: any ObjectStore) async throws -> Shipped {
        var shipped = Shipped()
        var keys: Set<String> = []
        for key in try await Self.keys("usage/manifests/\(node)/", in: store) {
            let bytes = try await store.get(key).body.collect(upTo: 1 << 20)
            let manifest = try #require(SegmentManifest(json: Array(bytes.readableBytesView)))
            #expect(manifest.json == Array(bytes.readableBytesView))
            #expect(key.text == SegmentManifest.keyText(node: node, number: manifest.number))
            #expect(manifest.number == UInt64(shipped.manifests.count + 1), "numbers have no gap")
            shipped.lines += try await lines(of: manifest, from: store)
            shipped.manifests.append(manifest)
            keys.insert(manifest.objectKeyText)
        }
        for key in try await Self.keys("usage/segments/\(node)/", in: store) where !keys.contains(key.text) {
            shipped.strays.append(key.text)
        }
        return shipped
    }

    private static func lines(of manifest: SegmentManifest, from store: any ObjectStore) async throws -> [String] {
        let body = try await store.get(ObjectKey(manifest.objectKeyText)).body.collect(upTo: 1 << 30)
        #expect(body.readableBytes == manifest.bytes)
        #expect(ContentDigest(bytes: Array(SHA256.hash(data: Array(body.readableBytesView)))) == manifest.sha256)
        let raw = try Decompressor.decompress(Array(body.readableBytesView), from: .zstd, bytesMax: 1 << 30)
        #expect(raw.count == manifest.rawBytes)
        #expect(raw.isEmpty || raw.last == UInt8(ascii: "\n"))
        let lines = String(decoding: raw, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.count == manifest.lines)
        return lines
    }

    private static func keys(_ prefix: String, in store: any ObjectStore) async throws -> [ObjectKey] {
        var keys: [ObjectKey] = []
        var after: ObjectKey?
        repeat {
            let page = try await store.list(prefix: ObjectPrefix(prefix), after: after, limit: 1_000)
            keys += page.objects.map(\.key)
            after = page.next
        } while after != nil
        return keys
    }

    var ids: [String] { lines.compactMap { SampleLine.id($0) } }
}

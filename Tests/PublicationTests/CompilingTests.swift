import JSON
import ObjectStorage
import Publication
import Testing
import VitrineTesting

@Suite("Publishing what nodes serve")
struct CompilingTests {
    private func publisher(_ store: any ObjectStore) -> SettingsPublisher {
        SettingsPublisher(
            store: store,
            format: .settings(packing: nil),
            now: { 1_790_000_000_000 },
            random: { [UInt8](repeating: 7, count: $0) }
        )
    }

    private static let features = #"""
        {"features":{"a":{"defaultValue":1.0,"rules":[{"condition":{"country":"DE"},"force":2}]},
        "b":{"defaultValue":"x"}}}
        """#

    @Test("the features file comes back as it was sent, and rolling back needs no compilation")
    func wholeWay() async throws {
        let publisher = publisher(MemoryObjectStore())
        let request = PublishRequest(app: try #require(AppName("shop")), author: "ada")
        let first = try await publisher.publish(Array(Self.features.utf8), request)
        #expect(first.entry.summary.added == 2)
        #expect(try await publisher.source(1, of: request.app) == Array(Self.features.utf8))
        _ = try await publisher.publish(Array(#"{"features":{"a":{"defaultValue":1}}}"#.utf8), request)
        let back = try await publisher.rollBack(request, to: 1)
        #expect(back.entry.manifest == first.entry.manifest)
        let swept = try await publisher.sweep(SweepPlan(graceMilliseconds: 0, keep: 1))
        #expect(swept.inUse > 0)
        #expect(try await publisher.source(3, of: request.app) == Array(Self.features.utf8))
    }

    @Test(
        "what cannot be compiled is refused with its place",
        arguments: ["", "[]", "{\"features\":", "{}{}", "\u{0}"]
    )
    func refused(_ text: String) async throws {
        let store = MemoryObjectStore()
        let error = try await publicationError {
            let app = try #require(AppName("shop"))
            _ = try await publisher(store).publish(Array(text.utf8), PublishRequest(app: app, author: "ada"))
        }
        guard case .invalidDocument(let issues) = error else { throw error }
        #expect(issues.contains { $0.severity == .error && !$0.message.isEmpty })
        #expect(try await store.list(prefix: .all, after: nil, limit: 1).objects.isEmpty)
    }
}

import FoundationEssentials
import ObjectStorage

/// The real S3 service that the tests may use, as `scripts/s3-server` names it in the environment.
enum S3Service {
    static let hint = "needs a real S3 service; enable with: scripts/s3-server run swift test --filter S3Tests"

    static let url = environment["VITRINE_TEST_S3"] ?? ""

    static var isThere: Bool { !url.isEmpty }

    private static let environment = ProcessInfo.processInfo.environment

    /// Runs `body` with a new, empty store: a prefix of its own in the bucket.
    static func withStore(
        _ change: (inout S3Configuration) -> Void = { _ in },
        _ body: (S3ObjectStore) async throws -> Void
    ) async throws {
        var configuration = try S3Configuration(
            url: "\(url)/\(UUID().uuidString)/some folder",
            environment: environment
        )
        change(&configuration)
        try await withStore(configuration, body)
    }

    static func withStore(
        _ configuration: S3Configuration,
        _ body: (S3ObjectStore) async throws -> Void
    ) async throws {
        let store = S3ObjectStore(
            configuration: configuration,
            now: { Date() },
            random: { UInt64.random(in: .min ... .max) }
        )
        do {
            try await body(store)
        } catch {
            await store.shutdown()
            throw error
        }
        await store.shutdown()
    }
}

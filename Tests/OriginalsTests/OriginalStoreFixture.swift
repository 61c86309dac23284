import Crypto
import DeliveryTypes
import FoundationEssentials
import NIOCore
import ObjectStorage
import Originals
import Synchronization
import VitrineTesting

/// A time that stands still until it is moved.
final class StandingTime: Sendable {
    private let date = Mutex(Date(timeIntervalSince1970: 1_790_000_000.75))

    var now: Date { date.withLock { $0 } }

    func advance(seconds: Double) { date.withLock { $0 += seconds } }
}

struct TestFailure: Error, Equatable {
    var text = "test"
}

/// Originals in a folder of the test's own.
struct OriginalStoreFixture {
    let folder: TemporaryFolder
    let objects: FileObjectStore
    let originals: OriginalStore
    let time = StandingTime()

    static let facts = PictureFacts(format: .jpeg, size: PixelSize(width: 40, height: 30), bytes: 0)

    init(
        limits: OriginalStoreLimits = OriginalStoreLimits(),
        wrapping wrap: (any ObjectStore) -> any ObjectStore = { $0 }
    ) async throws {
        folder = try TemporaryFolder()
        objects = try await FileObjectStore.open(path: folder.path(of: "store"))
        originals = try await OriginalStore.open(
            store: wrap(objects),
            stagingPath: folder.path(of: "staging"),
            limits: limits,
            now: { [time] in time.now }
        )
    }

    /// Another process's view of the same folder.
    func neighbour() async throws -> OriginalStore {
        try await OriginalStore.open(
            store: FileObjectStore.open(path: folder.path(of: "store")),
            stagingPath: folder.path(of: "staging"),
            now: { [time] in time.now }
        )
    }

    func ingest(_ bytes: [UInt8], _ attributes: IngestAttributes = IngestAttributes()) async throws -> IngestOutcome {
        try await originals.ingest(pieces(of: bytes), attributes: attributes) { _ in Self.facts }
    }

    /// The files of the store and of the staging folder.
    func files() throws -> [String] { try folder.files() }

    static func id(of bytes: [UInt8]) -> ContentDigest {
        ContentDigest(bytes: Array(SHA256.hash(data: bytes)))
    }
}

/// `bytes` in pieces of at most `count`, then the failure, if any.
func pieces(
    of bytes: [UInt8],
    count: Int = 1000,
    failure: (any Error)? = nil
) -> AsyncThrowingStream<ByteBuffer, any Error> {
    AsyncThrowingStream { stream in
        var start = 0
        while start < bytes.count {
            let end = min(start + count, bytes.count)
            stream.yield(ByteBuffer(bytes: bytes[start..<end]))
            start = end
        }
        stream.finish(throwing: failure)
    }
}

/// Runs `body` and gives the error that it must throw.
func originalsError(_ body: () async throws -> Void) async throws -> OriginalsError {
    do {
        try await body()
    } catch let error as OriginalsError {
        return error
    }
    throw TestFailure(text: "no error was thrown")
}

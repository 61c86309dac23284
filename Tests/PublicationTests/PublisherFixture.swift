import FoundationEssentials
import ObjectStorage
import Publication
import PublishCrasher
import Synchronization
import Testing
import VitrineTesting

/// Where a test's objects are.
enum Place: CaseIterable, Sendable {
    case memory
    case folder
}

/// A publisher with a time, a random generator and a release format of the test's own.
struct PublisherFixture {
    let folder: TemporaryFolder
    let inner: any ObjectStore
    let publisher: SettingsPublisher
    let time: StandingTime
    let changes = Changes()
    let app: AppName

    init(
        _ place: Place = .memory,
        seed: UInt64 = 1,
        sharing other: PublisherFixture? = nil,
        hooking hook: (any ObjectStore) -> any ObjectStore = { $0 }
    ) async throws {
        app = try #require(AppName("shop"))
        time = other?.time ?? StandingTime()
        folder = try other?.folder ?? TemporaryFolder()
        switch place {
        case .memory: inner = other?.inner ?? MemoryObjectStore(now: { [time] in time.date })
        case .folder: inner = try await FileObjectStore.open(path: folder.path)
        }
        let random = Mutex(SeededGenerator(seed: seed))
        publisher = SettingsPublisher(
            store: hook(inner),
            format: LineFormat.format,
            now: { [time] in time.milliseconds },
            random: { count in random.withLock { $0.bytes(count) } },
            changed: { [changes] app in changes.note(app) }
        )
    }

    /// A features file with settings of these names and default values.
    static func features(_ values: KeyValuePairs<String, String>) -> [UInt8] { LineFormat.features(values) }

    func request(expected: Int? = nil, isDryRun: Bool = false, comment: String? = nil) -> PublishRequest {
        PublishRequest(app: app, author: "ada", comment: comment, expected: expected, isDryRun: isDryRun)
    }

    @discardableResult
    func publish(_ value: Int, expected: Int? = nil) async throws -> PublishOutcome {
        try await publisher.publish(Self.features(["a": "\(value)"]), request(expected: expected))
    }

    /// The keys of all objects.
    func keys(_ prefix: ObjectPrefix = .all) async throws -> [String] {
        try await inner.list(prefix: prefix, after: nil, limit: 1000).objects.map(\.key.text)
    }
}

/// A time that stands still until it is moved.
final class StandingTime: Sendable {
    private let current = Mutex<Int64>(1_790_000_000_000)

    var milliseconds: Int64 { current.withLock { $0 } }
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    func advance(milliseconds: Int64) { current.withLock { $0 += milliseconds } }
}

/// What a publisher said has changed.
final class Changes: Sendable {
    private let apps = Mutex<[AppName]>([])

    var all: [AppName] { apps.withLock { $0 } }

    func note(_ app: AppName) { apps.withLock { $0.append(app) } }
}

struct TestFailure: Error {
    var text = "test"
}

/// Runs `body` and gives the error that it must throw.
func publicationError(_ body: () async throws -> Void) async throws -> PublicationError {
    do {
        try await body()
    } catch let error as PublicationError {
        return error
    }
    throw TestFailure(text: "no error was thrown")
}

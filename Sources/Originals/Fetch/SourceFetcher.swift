import Caching
package import DeliveryTypes
import NIOCore
import ObjectStorage
import Rendering
import Synchronization

/// Gets the bytes of a picture that a URL names, from the web, a local folder or a bucket, without trusting any of
/// them.
///
/// **Promises.** A fetch ends within its deadline; never holds more than the limit; connects only to addresses that
/// the guard permits, looked up anew at every redirect; leaves nothing behind when it fails. Equal fetches at the
/// same time are one fetch, whose bytes all share. Everything remote is refused until the allow-list names it; local
/// and stored sources are refused until a folder or bucket is configured.
///
/// **Costs.** One copy of the bytes into memory outside the heap, for as long as somebody holds the result.
///
/// **May fail** with `SourceError`, whose text is fit for strangers.
package final class SourceFetcher: Sendable {
    private struct Key: Hashable, Sendable {
        let reference: SourceReference
        let limits: FetchLimits
    }

    private let configuration: SourceConfiguration
    private let remote: RemoteSource
    private let local: LocalSource?
    private let collapser: Collapser<Key, FetchedSource, SourceError>
    private let running = Mutex(0)
    private let clock: any Clock<Duration>

    package init(
        configuration: SourceConfiguration,
        resolver: any HostResolver = SystemHostResolver(),
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        self.configuration = configuration
        self.clock = clock
        remote = RemoteSource(
            configuration: configuration.remote,
            allowed: configuration.allowed,
            resolver: resolver
        )
        local = configuration.localRoot.map { LocalSource(root: $0) }
        let deadline = configuration.limits.deadline
        collapser = Collapser(
            limits: .init(
                followersMax: configuration.followersMax,
                permitLifetime: deadline * 2,
                patience: deadline * 2
            ),
            clock: clock
        )
    }

    /// Fetches under way; equal ones count once.
    package var fetchesUnderWay: Int { running.withLock { $0 } }

    /// Closes all connections; what is under way fails, and so does every later remote fetch.
    package func shutdown() async {
        await remote.shutdown()
    }

    /// The bytes behind a remote, local or bucket reference.
    ///
    /// Limits wider than the configured ones are narrowed to those; `nil` stands for them.
    /// - Throws: `malformed` for `.original`, which is no source to be fetched.
    package func fetch(
        _ reference: SourceReference,
        limits wanted: FetchLimits? = nil
    ) async throws(SourceError) -> FetchedSource {
        let limits = wanted.map { configuration.limits.narrowed(to: $0) } ?? configuration.limits
        do throws(CollapseError<SourceError>) {
            return try await collapser.value(for: Key(reference: reference, limits: limits)) { () throws(SourceError) in
                try await self.admit { () throws(SourceError) in
                    try await self.withinDeadline(reference, limits)
                }
            }
        } catch {
            switch error {
            case .failed(let failure): throw failure
            case .crowded: throw .overloaded
            case .timedOut: throw .timedOut(.total)
            case .cancelled: throw .cancelled
            }
        }
    }

    /// Turns away what would be one fetch too many.
    private func admit<Value>(
        _ work: () async throws(SourceError) -> Value
    ) async throws(SourceError) -> Value {
        let isAdmitted = running.withLock { count in
            guard count < configuration.fetchesMax else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { throw .overloaded }
        defer { running.withLock { $0 -= 1 } }
        return try await work()
    }

    private func withinDeadline(
        _ reference: SourceReference,
        _ limits: FetchLimits
    ) async throws(SourceError) -> FetchedSource {
        let outcome = await withTaskGroup(of: Result<FetchedSource, SourceError>.self) { group in
            group.addTask {
                do throws(SourceError) {
                    return .success(try await self.collect(reference, limits))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do {
                    try await self.clock.sleep(for: limits.deadline)
                    return .failure(.timedOut(.total))
                } catch {
                    return .failure(.cancelled)
                }
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(.cancelled)
        }
        return try outcome.get()
    }

    private func collect(
        _ reference: SourceReference,
        _ limits: FetchLimits
    ) async throws(SourceError) -> FetchedSource {
        let writer = try Self.keeping { () throws(SharedBytesError) in try SharedBytesWriter(limit: limits.bytesMax) }
        let facts = try await stream(reference, limits) { piece throws(SourceError) in
            try Self.keeping { () throws(SharedBytesError) in try writer.append(piece) }
        }
        return FetchedSource(
            bytes: try Self.keeping { () throws(SharedBytesError) in try writer.finish() },
            facts: facts
        )
    }

    private func stream(
        _ reference: SourceReference,
        _ limits: FetchLimits,
        _ receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> SourceFacts {
        switch reference {
        case .original: throw .malformed("an original is not fetched")
        case .remote(let text): return try await remote.fetch(text, limits: limits, receive: receive)
        case .local(let path):
            guard let local else { throw .notAllowed("local sources are not configured") }
            guard configuration.allowed.allowsLocal(path) else { throw Self.notListed }
            return try await local.read(path, limits: limits, receive: receive)
        case .object(let bucket, let key):
            guard let store = configuration.buckets[bucket] else { throw .notAllowed("the bucket is not configured") }
            guard configuration.allowed.allowsObject(bucket: bucket, key: key) else { throw Self.notListed }
            return try await BucketSource(store: store).read(key, limits: limits, receive: receive)
        }
    }

    private static var notListed: SourceError { .notAllowed("the source is not in the allow-list") }

    private static func keeping<Value>(
        _ body: () throws(SharedBytesError) -> Value
    ) throws(SourceError) -> Value {
        do throws(SharedBytesError) {
            return try body()
        } catch {
            if case .tooLarge(let limit) = error { throw .tooLarge(limit: limit) }
            throw .storage("\(error)")
        }
    }
}

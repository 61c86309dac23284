import DeliveryTypes
import Publication
import Settings
import Synchronization
import Testing

/// A source that a test holds in its hands: what it tells, what its records are, when it fails and how long it takes.
final class ScriptedSource: SettingsSource {
    enum Fault: Sendable {
        case missing
        case bytes([UInt8])
        case unreachable
        case held(Latch)
    }

    private struct State {
        var apps: [AppName: SourcedApp] = [:]
        var records: [ContentDigest: [UInt8]] = [:]
        var faults: [ContentDigest: Fault] = [:]
        var asked: [ContentDigest] = []
        var isDown = false
        var cannotBeWatched = false
        var polls = 0
        var watchers: [AsyncStream<SourceEvent>.Continuation] = []
    }

    private let state = Mutex(State())

    var name: String { "script" }

    /// The records that were asked for, in order.
    var asked: [ContentDigest] { state.withLock { $0.asked } }
    var polls: Int { state.withLock { $0.polls } }
    var watchers: Int { state.withLock { $0.watchers.count } }

    /// Makes a release known, without telling of it.
    @discardableResult
    func store(_ records: [SettingsRecord]) -> ContentDigest {
        state.withLock { state in
            for record in records { state.records[record.digest] = record.bytes }
        }
        return records[records.count - 1].digest
    }

    /// Publishes a release of one text: stores it and tells of it.
    @discardableResult
    func publish(
        _ app: String,
        _ number: Int,
        _ text: String,
        keys: [SourcedKey] = [],
        keysNumber: Int = 0
    ) throws
        -> SourcedApp
    {
        try tell(app, number, store(ToyRelease.compile([Array(text.utf8)])), keys: keys, keysNumber: keysNumber)
    }

    /// Tells of an app.
    @discardableResult
    func tell(
        _ app: String,
        _ number: Int,
        _ manifest: ContentDigest,
        keys: [SourcedKey] = [],
        keysNumber: Int = 0
    ) throws -> SourcedApp {
        let sourced = SourcedApp(
            name: try #require(AppName(app)),
            number: number,
            manifest: manifest,
            published: 1_000,
            keysNumber: keysNumber,
            keys: keys
        )
        let watchers = state.withLock { state in
            state.apps[sourced.name] = sourced
            return state.watchers
        }
        for watcher in watchers { watcher.yield(.app(sourced)) }
        return sourced
    }

    func setFault(_ fault: Fault?, of digest: ContentDigest) { state.withLock { $0.faults[digest] = fault } }

    /// From now on nothing answers.
    func goDown() {
        let watchers = state.withLock { state in
            state.isDown = true
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers { watcher.finish() }
    }

    func comeBack() { state.withLock { $0.isDown = false } }

    func refuseWatching() { state.withLock { $0.cannotBeWatched = true } }

    // MARK: SettingsSource

    func snapshot() async throws(PublicationError) -> SettingsSnapshot {
        let (apps, isDown) = state.withLock { state in
            state.polls += 1
            return (Array(state.apps.values), state.isDown)
        }
        if isDown { throw .unreachable("script: down") }
        return SettingsSnapshot(apps: apps)
    }

    func watch(_ receive: @Sendable (SourceEvent) -> Void) async throws(PublicationError) {
        let (events, continuation) = AsyncStream.makeStream(of: SourceEvent.self)
        let isRefused = state.withLock { state in
            if state.isDown || state.cannotBeWatched { return true }
            state.watchers.append(continuation)
            continuation.yield(.snapshot(SettingsSnapshot(apps: Array(state.apps.values))))
            return false
        }
        if isRefused { throw .unreachable("script: refused") }
        for await event in events { receive(event) }
        throw Task.isCancelled ? .cancelled : .unreachable("script: gone")
    }

    func record(_ digest: ContentDigest, bytesMax: Int) async throws(PublicationError) -> [UInt8]? {
        let (bytes, fault, isDown) = state.withLock { state in
            state.asked.append(digest)
            return (state.records[digest], state.faults[digest], state.isDown)
        }
        if isDown { throw .unreachable("script: down") }
        switch fault {
        case .missing: return nil
        case .bytes(let bytes): return bytes
        case .unreachable: throw .unreachable("script: cut off")
        case .held(let latch): await latch.wait()
        case nil: break
        }
        return bytes
    }
}

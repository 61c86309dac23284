import NIOCore
package import ObjectStorage
import ServiceLifecycle
import Synchronization

/// What is kept of users between their requests: sticky assignments and remembered attributes, per app and unit.
///
/// **Promises.** A look-up ends within its deadline: a state that the store does not give in time is left out, and the
/// answer says so. Of two assignments for one experiment the one that was stored first stays, also when several nodes
/// write, unless they do so within the same milliseconds. What was recorded is written within seconds, and at the
/// latest before `run` returns. What was forgotten comes back from no cache and no queue of this node. **Costs** one
/// lock for states in memory, one read of the store for others (one for all who ask at a time), one read and one write
/// for a user's changes of a quarter of a second. **Fails** never towards requests; `forget` says when the store did.
package final class UserStates: Service {
    typealias Ticket = UserStateTable.Ticket

    private struct State {
        var table: UserStateTable
        /// Look-ups that wait.
        var sleepers: [Ticket: CheckedContinuation<Void, Never>] = [:]
        /// Those who wait for a write to end.
        var forgetters: [UserKey: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let store: any ObjectStore
    private let settings: UserStatesSettings
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>
    private let readBell = Bell()
    private let writeBell = Bell()

    /// `now` tells milliseconds since 1970; `clock` measures deadlines and delays.
    package init(
        store: any ObjectStore,
        settings: UserStatesSettings = UserStatesSettings(),
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.settings = settings
        self.clock = clock
        self.now = now
        state = Mutex(State(table: UserStateTable(settings: settings)))
    }

    package var statistics: UserStatesStatistics { state.withLock { $0.table.statistics } }

    /// The states under `keys`, waited for no longer than `settings.deadline`.
    ///
    /// States that are not in memory are read only while `run` is running.
    package func states(of keys: [UserKey]) async -> UserStateLookup {
        let now = now()
        let (known, ticket) = state.withLock { $0.table.lookUp(keys, at: now) }
        guard let ticket else { return known }
        readBell.ring()
        if settings.deadline > .zero { await wait(ticket) }
        return state.withLock { $0.table.redeem(ticket, keys: keys, known: known) }
    }

    /// Adds to a user's state, at once for this node's look-ups and soon in the store; `false` if the change is lost:
    /// too much waits to be written, or the user is being forgotten.
    @discardableResult
    package func record(_ change: UserStateChange, for key: UserKey) -> Bool {
        let isTaken = state.withLock { $0.table.record(change, for: key) }
        if isTaken { writeBell.ring() }
        return isTaken
    }

    /// Removes a user's state here and in the store; what was recorded before it returned is gone.
    ///
    /// Other nodes have it in memory, or in their queues, for a while: they have to forget it too.
    ///
    /// - Throws: `store`: the state may still be there; repeating is safe.
    package func forget(_ key: UserKey) async throws(AssignmentsError) {
        state.withLock { $0.table.beginForgetting(key) }
        await waitForWrite(of: key)
        defer {
            state.withLock { $0.table.endForgetting(key) }
            writeBell.ring()
        }
        do throws(ObjectStoreError) {
            try await store.delete(key.objectKey)
        } catch {
            throw .store(error)
        }
    }

    /// Ends `run`, as the shutdown of its service group does.
    package func close() {
        readBell.mute()
        writeBell.mute()
    }

    /// Reads and writes in the background until the task is cancelled, the service group shuts down, or `close`.
    ///
    /// Then it writes what is left, for as long as `settings.farewell`. Called once.
    package func run() async {
        await withGracefulShutdownHandler {
            await withTaskGroup { group in
                group.addTask { await self.serveReads() }
                group.addTask { await self.serveWrites() }
                // The first ends when no more reads are wanted; a write that hangs is tried again below.
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.close()
        }
        // In a task of its own, since this one may be cancelled; `run` waits for it here.
        await Task { await sayFarewell() }.value
    }
}

// MARK: Waiting
extension UserStates {
    /// Sleeps until a ticket's states are read, the deadline is over, or the caller is cancelled.
    private func wait(_ ticket: Ticket) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled when the states were there first: then nobody sleeps any more.
                try? await self.clock.sleep(for: self.settings.deadline)
                self.wake(ticket)
            }
            await withCheckedContinuation { sleeper in
                let isOver = self.state.withLock { state in
                    if !state.table.isOver(ticket) { state.sleepers[ticket] = sleeper }
                    return state.table.isOver(ticket)
                }
                if isOver { sleeper.resume() }
            }
            group.cancelAll()
        }
    }

    private func wake(_ ticket: Ticket) {
        let sleeper = state.withLock { state in
            state.table.expire(ticket)
            return state.sleepers.removeValue(forKey: ticket)
        }
        sleeper?.resume()
    }

    private func waitForWrite(of key: UserKey) async {
        await withCheckedContinuation { forgetter in
            let isWriting = state.withLock { state in
                if state.table.isWriting(key) { state.forgetters[key, default: []].append(forgetter) }
                return state.table.isWriting(key)
            }
            if !isWriting { forgetter.resume() }
        }
    }
}

// MARK: Reading
extension UserStates {
    private func serveReads() async {
        await withDiscardingTaskGroup { group in
            while await readBell.wait() {
                while let key = state.withLock({ $0.table.nextRead() }) {
                    group.addTask {
                        await self.read(key)
                        self.readBell.ring()
                    }
                }
            }
            group.cancelAll()
        }
    }

    private func read(_ key: UserKey) async {
        let reading: UserStateTable.Reading
        do throws(ObjectStoreError) {
            reading = .state(try await document(key))
        } catch {
            reading = .failed
        }
        let now = now()
        let over = state.withLock { $0.table.finishRead(key, reading, at: now) }
        for ticket in over { wake(ticket) }
    }

    /// What the store has of a user; `nil` if it has nothing that can be read.
    ///
    /// - Throws: What the store does but for `notFound`; `corrupt` if a later program wrote the document.
    private func document(_ key: UserKey) async throws(ObjectStoreError) -> UserState? {
        let bytes: ByteBuffer
        do throws(ObjectStoreError) {
            bytes = try await store.get(key.objectKey).body.collect(upTo: UserStateDocument.bytesMax)
        } catch {
            switch error {
            case .notFound: return nil
            case .tooLarge, .corrupt: return damaged()
            default: throw error
            }
        }
        do throws(UserStateDocument.Failure) {
            return try UserStateDocument.state(from: Array(bytes.readableBytesView))
        } catch {
            if error == .newer { throw .corrupt(key.objectKey, reason: "it is of a later version") }
            return damaged()
        }
    }

    private func damaged() -> UserState? {
        state.withLock { $0.table.countDamage() }
        return nil
    }
}

// MARK: Writing
extension UserStates {
    private func serveWrites() async {
        var pause = settings.retryPause
        while await writeBell.wait() {
            // Cancelled: then `run` writes the rest.
            try? await clock.sleep(for: settings.writeDelay)
            if Task.isCancelled || writeBell.isMuted { return }
            await writeAll()
            if state.withLock({ $0.table.retryFailed() }) {
                // As above.
                try? await clock.sleep(for: pause)
                pause = min(pause * 2, settings.retryPause * 128)
                writeBell.ring()
            } else {
                pause = settings.retryPause
            }
        }
    }

    /// Writes what waits, everything once.
    private func writeAll() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, settings.writersMax) {
                group.addTask {
                    while !Task.isCancelled, let (key, change) = self.state.withLock({ $0.table.nextWrite() }) {
                        await self.write(key, change)
                    }
                }
            }
        }
    }

    private func write(_ key: UserKey, _ change: UserStateChange) async {
        do throws(ObjectStoreError) {
            // What another node has stored meanwhile wins.
            var sum = try await document(key) ?? UserState()
            if sum.merge(change) {
                let bytes = ByteBuffer(bytes: UserStateDocument.bytes(of: sum))
                try await store.put(.bytes(bytes), at: key.objectKey)
            }
            let now = now()
            let stored = sum
            finish(key) { $0.finishWrite(key, state: stored, at: now) }
        } catch {
            var isLost = false
            if case .corrupt = error { isLost = true }
            let lost = isLost
            finish(key) { $0.failWrite(key, isLost: lost) }
        }
    }

    private func finish(_ key: UserKey, _ change: @Sendable (inout UserStateTable) -> Void) {
        let forgetters = state.withLock { state in
            change(&state.table)
            return state.forgetters.removeValue(forKey: key) ?? []
        }
        for forgetter in forgetters { forgetter.resume() }
    }

    private func sayFarewell() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    await self.writeAll()
                    guard self.state.withLock({ $0.table.retryFailed() }) else { return }
                    // Cancelled: then the loop ends.
                    try? await self.clock.sleep(for: self.settings.retryPause)
                }
            }
            group.addTask {
                // Cancelled when all is written.
                try? await self.clock.sleep(for: self.settings.farewell)
            }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.table.giveUp() }
    }
}

import ObjectStorage
import Synchronization

/// A walk whose steps are taken on file threads, many at a time; used by one task.
final class WalkedItems: Sendable {
    private struct State {
        var walk: FileWalk
        /// The next one last.
        var ready: [FileWalk.Item] = []
    }

    private let state: Mutex<State>
    private let threads: FileThreads

    private static let batchItems = 256

    init(_ walk: FileWalk, threads: FileThreads) {
        state = Mutex(State(walk: walk))
        self.threads = threads
    }

    func next() async throws(OriginalsError) -> FileWalk.Item? {
        if let item = state.withLock({ $0.ready.popLast() }) { return item }
        do throws(ObjectStoreError) {
            try await threads.run { [self] in advance() }
        } catch {
            throw OriginalsError(error)
        }
        return state.withLock { $0.ready.popLast() }
    }

    private func advance() {
        var walk = state.withLock { $0.walk }
        var items: [FileWalk.Item] = []
        while items.count < Self.batchItems, let item = walk.next() { items.append(item) }
        items.reverse()
        state.withLock { [walk, items] state in
            state.walk = walk
            state.ready = items
        }
    }
}

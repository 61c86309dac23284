import Publication
import Synchronization

/// What a test takes with it from a feed that has ended.
final class Kept: Sendable {
    private let state = Mutex<(feed: ToyFeed?, changes: AsyncStream<ToyFeed.App>?)>((nil, nil))

    var feed: ToyFeed? {
        get { state.withLock { $0.feed } }
        set { state.withLock { $0.feed = newValue } }
    }

    var changes: AsyncStream<ToyFeed.App>? {
        get { state.withLock { $0.changes } }
        set { state.withLock { $0.changes = newValue } }
    }
}

import ServiceLifecycle

/// Runs the fetches that outlive the request which began them; its own `run` waits for them all.
final class TaskNursery: Service {
    private let works: AsyncStream<@Sendable () async -> Void>
    private let feed: AsyncStream<@Sendable () async -> Void>.Continuation

    init() {
        (works, feed) = AsyncStream.makeStream()
    }

    /// Begins some work soon; `false`, and nothing happens, once the nursery has stopped.
    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Bool {
        if case .enqueued = feed.yield(work) { true } else { false }
    }

    /// Takes work until `stop`, then waits for what is under way; cancellation cancels that, too.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await work in works.cancelOnGracefulShutdown() {
                group.addTask { await work() }
            }
            // From here on nothing is taken any more; what was taken before is not forgotten.
            feed.finish()
            for await work in works { group.addTask { await work() } }
        }
    }
}

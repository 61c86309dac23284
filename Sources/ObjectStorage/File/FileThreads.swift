package import NIOPosix

/// Where calls that block on a disk run: a bounded set of threads, never an event loop or the cooperative pool.
///
/// Work waits in line for a thread; the callers bound the line by bounding what they do at once. Work that has begun
/// is not interrupted by cancellation: each piece is one bounded step (a read of one piece, one `fsync`).
package struct FileThreads: Sendable {
    private let pool: NIOThreadPool

    /// `pool` is running and stays the caller's to shut down, after everything that uses it.
    package init(pool: NIOThreadPool = .singleton) {
        self.pool = pool
    }

    /// Runs `work` on one of the threads.
    ///
    /// - Throws: What `work` throws, or `unavailable` if the threads have been shut down.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ObjectStoreError) -> Value
    ) async throws(ObjectStoreError) -> Value {
        let result = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome<Value>, Never>) in
            pool.submit { state in
                guard case .active = state else {
                    waiter.resume(returning: .failure(.unavailable(retryable: false, cause: NIOThreadPoolStopped())))
                    return
                }
                do throws(ObjectStoreError) {
                    waiter.resume(returning: .success(try work()))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Runs `work` unless the calling task is cancelled already.
    ///
    /// - Throws: What `work` throws, `cancelled`, or `unavailable` if the threads have been shut down.
    package func runUnlessCancelled<Value: Sendable>(
        _ work: @escaping @Sendable () throws(ObjectStoreError) -> Value
    ) async throws(ObjectStoreError) -> Value {
        if Task.isCancelled { throw .cancelled }
        return try await run(work)
    }

    private typealias Outcome<Value> = Result<Value, ObjectStoreError>

    private struct NIOThreadPoolStopped: Error, CustomStringConvertible {
        var description: String { "the file threads have been shut down" }
    }
}

import NIOPosix

extension NIOThreadPool {
    /// Runs one bounded step that blocks or computes on a thread of the pool.
    ///
    /// - Throws: What `work` throws, or `closed` if the pool was shut down.
    func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws(MeteringError) -> Value
    ) async throws(MeteringError) -> Value {
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome<Value>, Never>) in
            submit { state in
                guard case .active = state else { return waiter.resume(returning: .failure(.closed)) }
                do throws(MeteringError) {
                    waiter.resume(returning: .success(try work()))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }

    private typealias Outcome<Value> = Result<Value, MeteringError>
}

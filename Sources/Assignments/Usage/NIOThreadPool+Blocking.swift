import NIOPosix

extension NIOThreadPool {
    /// Runs one bounded step that blocks, such as a few calls on files, on a thread of the pool.
    ///
    /// - Throws: What `work` throws, or `closed` if the pool was shut down.
    func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws(AssignmentsError) -> Value
    ) async throws(AssignmentsError) -> Value {
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome<Value>, Never>) in
            submit { state in
                guard case .active = state else { return waiter.resume(returning: .failure(.closed)) }
                do throws(AssignmentsError) {
                    waiter.resume(returning: .success(try work()))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }

    private typealias Outcome<Value> = Result<Value, AssignmentsError>
}

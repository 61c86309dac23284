import NIOPosix

/// Runs bounded steps that block, such as calls on files, on the threads that are kept for such.
enum Blocking {
    /// - Throws: What `work` throws, or `failed` if the threads have been shut down.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(WarehouseError) -> Value
    ) async throws(WarehouseError) -> Value {
        let outcome = await withCheckedContinuation { (waiter: CheckedContinuation<Outcome<Value>, Never>) in
            NIOThreadPool.singleton.submit { state in
                guard case .active = state else {
                    return waiter.resume(returning: .failure(WarehouseError(.failed, "the threads are shut down")))
                }
                do throws(WarehouseError) {
                    waiter.resume(returning: .success(try work()))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }

    private typealias Outcome<Value> = Result<Value, WarehouseError>
}

import Glibc

/// Threads of the disk tier's own: calls that block on a disk run neither on event loops nor in the cooperative pool.
enum DiskThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread, which ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) throws(DiskFailure) {
        var thread = pthread_t()
        // SAFETY: the reference is given to the new thread, or given back below.
        let work = unsafe Unmanaged.passRetained(Work(body))
        // SAFETY: the thread takes over the reference that was retained above; nobody else uses the pointer.
        let code = unsafe pthread_create(&thread, nil, run, work.toOpaque())
        guard code == 0 else {
            // SAFETY: no thread was made, so the reference is still ours.
            unsafe work.release()
            throw DiskFailure(call: "pthread_create", code: code)
        }
        pthread_detach(thread)
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        // SAFETY: `start` passed a retained Work.
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }
}

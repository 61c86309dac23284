import Glibc

/// A thread outside the cooperative pool, for work that waits in the kernel.
enum SystemThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread that ends when `body` returns.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        // SAFETY: the retained box is released exactly once: by the thread, or below if there is none.
        let box = unsafe Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        // SAFETY: the thread takes the box over.
        let result = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                // SAFETY: the argument is the box retained above.
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            box.toOpaque()
        )
        guard result == 0 else {
            unsafe box.release()
            throw SystemError(call: "pthread_create", code: result)
        }
        pthread_detach(thread)
    }
}

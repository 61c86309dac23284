import Glibc

/// What a thread of the disk tier sleeps on: each `raise` lets one `wait` through.
@safe
final class ThreadSignal: Sendable {
    // SAFETY: points to one semaphore from init to deinit; sem_post and sem_wait may be called from any thread.
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        // SAFETY: allocated here, initialised before use.
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        // SAFETY: nobody has a reference any more, so nobody waits.
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func raise() {
        // SAFETY: as above.
        unsafe sem_post(semaphore)
    }

    func wait() {
        // SAFETY: as above. A signal handler may interrupt the wait.
        while unsafe sem_wait(semaphore) != 0 {}
    }
}

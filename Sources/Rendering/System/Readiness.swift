import Glibc

/// Waits until one of several descriptors has something to do.
enum Readiness {
    struct Interest {
        var descriptor: Int32
        var isWriting = false
    }

    /// The indices of the descriptors that are ready, broken or closed; empty after `timeout` (`nil` waits for ever).
    static func wait(for interests: [Interest], timeout: Duration?) -> [Int] {
        var entries = interests.map { interest in
            pollfd(
                fd: interest.descriptor,
                events: Int16(interest.isWriting ? POLLIN | POLLOUT : POLLIN),
                revents: 0
            )
        }
        // Rounded up, so that the deadline has passed afterwards.
        let milliseconds = timeout.map { Int32(clamping: ($0.wholeMicroseconds + 999) / 1_000) } ?? -1
        // SAFETY: the array holds as many entries as are announced.
        let count = unsafe poll(&entries, nfds_t(entries.count), max(-1, milliseconds))
        guard count > 0 else { return [] }
        return entries.indices.filter { entries[$0].revents != 0 }
    }
}

import CProcess
import Glibc

/// Ends another thread's `poll`.
struct WakeSignal: Sendable {
    let descriptor: OwnedDescriptor

    init() throws(SystemError) {
        descriptor = OwnedDescriptor(adopting: try SystemError.check(cprocess_wake(), "eventfd"))
    }

    func send() {
        // A full counter (EAGAIN) wakes just as well, and nothing else can fail.
        _ = try? descriptor.write([1, 0, 0, 0, 0, 0, 0, 0])
    }

    func clear() {
        var counter = [UInt8](repeating: 0, count: 8)
        // Nothing to read is as good.
        _ = try? descriptor.read(into: &counter, capacity: 8)
    }
}

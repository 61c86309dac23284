import DeliveryTypes
import Synchronization

/// Lets one task at a time, in the order of their coming, work on the original of one digest in this process.
///
/// Other processes are not held: there the store's put-if-absent decides.
final class DigestGate: Sendable {
    /// The tasks that wait, by the digest that somebody works on.
    private let waiting = Mutex<[ContentDigest: [CheckedContinuation<Void, Never>]]>([:])

    /// Waits for the turn; `leave` must follow.
    ///
    /// Cancellation does not end the wait: whoever is inside has a deadline.
    func enter(_ digest: ContentDigest) async {
        await withCheckedContinuation { (turn: CheckedContinuation<Void, Never>) in
            let isFree = waiting.withLock { waiting in
                guard waiting[digest] != nil else {
                    waiting[digest] = []
                    return true
                }
                waiting[digest]?.append(turn)
                return false
            }
            if isFree { turn.resume() }
        }
    }

    func leave(_ digest: ContentDigest) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard var line = waiting[digest], !line.isEmpty else {
                waiting[digest] = nil
                return nil
            }
            let next = line.removeFirst()
            waiting[digest] = line
            return next
        }
        next?.resume()
    }
}

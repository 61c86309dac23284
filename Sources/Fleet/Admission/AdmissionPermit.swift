import Synchronization

/// The right to work, until `giveBack` is called or the last reference goes.
///
/// For work that outlives one function, such as a body that is streamed; else `AdmissionGate.withPermit` is simpler.
package final class AdmissionPermit: Sendable {
    private let gate: AdmissionGate
    private let isGivenBack = Atomic(false)

    init(of gate: AdmissionGate) {
        self.gate = gate
    }

    deinit { giveBack() }

    /// Lets the next one in; a second call does nothing.
    package func giveBack() {
        if !isGivenBack.exchange(true, ordering: .relaxed) { gate.finish() }
    }
}

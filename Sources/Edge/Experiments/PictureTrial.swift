import DeliveryTypes
package import HTTPTypes
import Synchronization

/// Puts viewers' pictures into the arms of a running experiment.
///
/// A viewer's URL that leaves the format open is answered as if it had named the arm's format and quality: the path is
/// written anew and signed, so that everything behind it (cache key, collapsing, peers, origin) sees an ordinary
/// picture. URLs that name a format are never touched. While an experiment runs, open URLs take the ordinary path, as
/// the viewer has to be known; what the hit path learnt before is not used (`epoch`).
package final class PictureTrial: Sendable {
    /// The arm of a request's viewer; `nil` for who takes no part.
    package typealias Assignment = @Sendable (HTTPRequest) -> PictureArm?
    /// Hears of each picture that a viewer got in an arm, with the request's `traceparent`.
    package typealias Witness = @Sendable (PictureArm, _ request: HTTPRequest, _ traceparent: String) -> Void

    private struct State {
        var assignment: Assignment?
        /// What `assignment` was made from.
        var mark = ""
    }

    /// What becomes of one request.
    struct Plan: Sendable {
        /// `nil` for a viewer who takes no part.
        var arm: PictureArm?
        /// The path to go on with.
        var path: String
    }

    /// Of pictures whose URLs leave nothing open to an experiment.
    static let everyEpoch = UInt32.max

    private let state = Mutex(State())
    private let current = Atomic<UInt32>(0)
    private let isRunning = Atomic<Bool>(false)
    private let sign: @Sendable (String) -> String?
    private let witness: Witness
    package let ledger = ArmLedger()
    /// Request fields that tell viewers apart, for `Vary`.
    package let viewerFields: [HTTPField.Name]

    /// `viewerFields` are the request fields that assignments read; `sign` gives the signature of the signed part of a
    /// delivery path, `nil` without a key, and then no picture changes.
    package init(
        viewerFields: [HTTPField.Name],
        witness: @escaping Witness,
        sign: @escaping @Sendable (String) -> String?
    ) {
        self.viewerFields = viewerFields
        self.witness = witness
        self.sign = sign
    }

    /// A trial that never runs.
    package convenience init() {
        self.init(viewerFields: [], witness: { _, _, _ in }, sign: { _ in nil })
    }

    /// Changes whenever assignments may; prepared hits of open URLs are good for one epoch.
    var epoch: UInt32 { current.load(ordering: .acquiring) }

    /// Starts an experiment, changes it, or ends it with `nil`; does nothing when `mark` is as before.
    ///
    /// `mark` names the state of the experiment, such as the digest of its record.
    package func run(_ assignment: Assignment?, mark: String) {
        state.withLock { state in
            guard state.mark != mark else { return }
            state = State(assignment: assignment, mark: mark)
            isRunning.store(assignment != nil, ordering: .releasing)
            let next = (current.load(ordering: .relaxed) + 1) % Self.everyEpoch
            current.store(next, ordering: .releasing)
        }
    }

    /// What a request gets; `nil` when no experiment concerns it.
    func plan(for request: HTTPRequest, _ naming: PictureNaming?) -> Plan? {
        guard isRunning.load(ordering: .acquiring), let naming, request.method == .get || request.method == .head,
            let target = request.path, target.hasPrefix("/img/"), let assignment = state.withLock({ $0.assignment }),
            // Only what was signed is signed again.
            let signed = naming.openPath(of: request)
        else { return nil }
        let unchanged = Plan(arm: nil, path: target)
        guard let arm = assignment(request) else { return unchanged }
        let accept = request.headerFields[values: .accept].joined(separator: ",")
        let shown = Negotiation(formats: arm.formatsOfAllArms).acceptedFormats(accept)
        for format in arm.formatsOfAllArms where format != .jpeg && format != .png && !shown.contains(format) {
            return unchanged
        }
        guard !arm.options.isEmpty else { return Plan(arm: arm, path: target) }
        let part = arm.options + signed.signedPart
        guard let signature = sign(part) else { return unchanged }
        return Plan(arm: arm, path: "/img/" + signature + part)
    }

    /// Counts a delivered picture of an arm, and tells the witness.
    func delivered(
        _ arm: PictureArm,
        _ request: HTTPRequest,
        isHit: Bool,
        bytes: Int,
        microseconds: Int,
        traceparent: String
    ) {
        ledger.count(arm, isHit: isHit, bytes: bytes, microseconds: microseconds)
        witness(arm, request, traceparent)
    }
}

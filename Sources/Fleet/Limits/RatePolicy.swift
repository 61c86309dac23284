/// How much one client or tenant may do: a bucket of `burst` requests that refills evenly.
package struct RatePolicy: Hashable, Sendable {
    package static let burstMax = 1_000_000
    /// Longest time for an empty bucket to fill.
    package static let refillMax: Duration = .seconds(86_400)

    /// Names the policy in the RateLimit fields; ASCII letters, digits, `-`, `_`.
    package let name: String
    /// Requests that may come at once after a pause.
    package let burst: Int
    /// Nanoseconds until one more request is allowed.
    package let intervalNanoseconds: Int64

    /// - Parameters:
    ///   - name: A simple word.
    ///   - perSecond: Requests per second in the long run; rounded so that a request takes whole nanoseconds.
    ///   - burst: Requests that may come at once.
    /// - Precondition: `perSecond` is positive and at most a million, `burst` is in `1...burstMax`, and the bucket is
    ///   full again after `refillMax` at the latest.
    package init(name: String, perSecond: Double, burst: Int) {
        precondition(!name.isEmpty && name.utf8.allSatisfy(Self.isNameByte), "a policy's name is a simple word")
        precondition(perSecond > 0 && perSecond <= 1_000_000 && (1...Self.burstMax).contains(burst))
        precondition(
            Double(burst) / perSecond <= Double(Self.refillMax.components.seconds),
            "the bucket fills too slowly"
        )
        self.name = name
        self.burst = burst
        intervalNanoseconds = Int64((1_000_000_000 / perSecond).rounded())
    }

    /// Time for an empty bucket to fill.
    var refillNanoseconds: Int64 { Int64(burst) * intervalNanoseconds }

    /// The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10 §3): the burst, and the seconds in
    /// which as many are allowed in the long run.
    package var fieldValue: String {
        "\"\(name)\";q=\(burst);w=\(max(1, RateDecision.seconds(refillNanoseconds)))"
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

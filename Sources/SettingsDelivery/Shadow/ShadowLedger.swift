/// The counts of a shadow measurement and the room in its queue: a plain state machine, without clock or input.
struct ShadowLedger: Sendable {
    private(set) var report = ShadowReport()
    private(set) var waiting = 0
    private(set) var bytes = 0
    private var credit = 0.0

    /// Whether the next request is among the share: evenly spread, so that a share of 0.1 takes every tenth.
    mutating func draw(share: Double) -> Bool {
        report.offered += 1
        credit += share
        guard credit >= 1 else { return false }
        credit -= 1
        report.drawn += 1
        return true
    }

    /// Takes room for one more; false where there is none, and it is dropped.
    mutating func admit(bytes count: Int, _ settings: ShadowSettings) -> Bool {
        guard waiting < settings.queueMax, bytes + count <= settings.bytesMax else {
            report.dropped += 1
            return false
        }
        waiting += 1
        bytes += count
        return true
    }

    /// One has left the queue and is on its way.
    mutating func begin() { waiting -= 1 }

    /// One is done with, and its bytes are given back.
    mutating func end(bytes count: Int) { bytes -= count }

    mutating func fail() { report.failed += 1 }

    mutating func answer(live: Duration, shadow: Duration) {
        report.live.record(live)
        report.shadow.record(shadow)
    }

    mutating func differInStatus() { report.statusDiffers += 1 }

    mutating func judge(_ verdict: ShadowVerdict, namesMax: Int) {
        switch verdict {
        case .equal: report.equal += 1
        case .notComparable: report.notComparable += 1
        case .differing(let names):
            report.contentDiffers += 1
            for name in names {
                if report.settings[name] != nil || report.settings.count < namesMax {
                    report.settings[name, default: 0] += 1
                } else {
                    report.otherSettings += 1
                }
            }
        }
    }
}

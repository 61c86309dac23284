import HTTPSemantics
import Ledger
import Metering
import Warehouse

/// The way of usage events through their stages, as JSON for the page.
struct UsageState: Sendable {
    let collector: CollectorNode
    let picture: UsagePicture
    let nowMilliseconds: Int64

    /// One line of JSON.
    var json: String {
        let counts = picture.counts.map { JSONText.quoted($0.name) + ":\($0.value)" }
        var members = [
            "\"node\":" + JSONText.quoted(collector.segments.node), "\"at\":\(nowMilliseconds)",
            "\"stages\":[" + stages.joined(separator: ",") + "]", "\"intake\":" + intake,
            "\"counts\":{" + counts.joined(separator: ",") + "}",
        ]
        if let progress = picture.progress { members.append("\"progress\":" + progress.json) }
        if let newest = picture.entries.first { members.append("\"newest\":" + newest.json) }
        if let last = picture.last { members.append("\"last\":" + last.json) }
        if let unload = collector.ledger?.unload.statistics { members.append("\"unload\":" + Self.text(unload)) }
        if let quarantined = picture.quarantined { members.append("\"quarantined\":\(quarantined)") }
        if let days = picture.reconciliation {
            members.append("\"reconciliation\":[" + days.map(\.json).joined(separator: ",") + "]")
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }

    private var stages: [String] {
        let now = collector.segments.statistics
        let unload = collector.ledger?.unload.statistics
        let stuck = now.stuck.isEmpty ? nil : now.stuck.joined(separator: "; ")
        return [
            Self.stage("ship", collector.lagSeconds, waiting: now.segmentsWaiting + (now.openBytes > 0 ? 1 : 0), stuck),
            Self.stage(
                "count",
                picture.countLag(nowMilliseconds: nowMilliseconds),
                waiting: picture.waiting?.segments,
                picture.storeFault
            ),
            Self.stage(
                "export",
                picture.exportLag(nowMilliseconds: nowMilliseconds),
                waiting: nil,
                picture.last.flatMap { $0.status == .failed ? $0.error : nil }
            ),
            Self.stage(
                "unload",
                unload.map { _ in picture.unloadLag(nowMilliseconds: nowMilliseconds) },
                waiting: unload.map { $0.backlogRows + $0.exportsWaiting },
                unload?.lastError.map { "\($0)" }
            ),
        ]
    }

    private static func stage(_ name: String, _ lag: Double?, waiting: Int?, _ problem: String?) -> String {
        var members = ["\"name\":\"\(name)\""]
        if let lag { members.append("\"lagSeconds\":\((lag * 1000).rounded() / 1000)") }
        if let waiting { members.append("\"waiting\":\(waiting)") }
        if let problem { members.append("\"problem\":" + JSONText.quoted(problem)) }
        return "{" + members.joined(separator: ",") + "}"
    }

    private var intake: String {
        let figures = collector.routes.parts.metrics.figures
        let now = collector.segments.statistics
        return "{\"accepted\":\(figures.accepted),\"refused\":\(figures.refused.values.reduce(0, +)),"
            + "\"kept\":\(now.linesKept),\"shipped\":\(now.linesShipped),\"segmentsShipped\":\(now.segmentsShipped),"
            + "\"diskBytes\":\(now.diskBytes),\"isFull\":\(collector.isFull)}"
    }

    private static func text(_ now: UnloadStatistics) -> String {
        "{\"rate\":\(now.rate.rounded()),\"backlogRows\":\(now.backlogRows),\"exportsWaiting\":\(now.exportsWaiting),"
            + "\"seen\":\(now.exportSeen),\"applied\":\(now.exportApplied),\"rowsApplied\":\(now.rowsApplied),"
            + "\"failures\":\(now.failures)}"
    }
}

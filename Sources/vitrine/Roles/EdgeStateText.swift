import Caching
import Edge
import HTTPSemantics

/// The edge's figures as JSON, for the page.
enum EdgeStateText {
    static func json(_ edge: EdgeParts) -> String {
        let outcomes = Outcome.allCases.map { outcome in
            "\"\(outcome.rawValue)\":{\"requests\":\(edge.metrics.requests(outcome)),"
                + "\"bytes\":\(edge.metrics.bytes(outcome)),\"microseconds\":\(edge.metrics.microseconds(outcome))}"
        }
        let memory = edge.memory.statistics
        var text = "{\"outcomes\":{\(outcomes.joined(separator: ","))}"
        text += ",\"memory\":{\"entries\":\(memory.entries),\"used\":\(memory.usedBytes),\"budget\":\(memory.budgetBytes)"
        text += ",\"evictions\":\(memory.evictions)}"
        if let disk = edge.disk?.statistics {
            text += ",\"disk\":{\"entries\":\(disk.entries),\"used\":\(disk.usedBytes),\"budget\":\(disk.budgetBytes)"
            text += ",\"degraded\":\(disk.isDegraded)}"
        }
        let top = edge.popular.top.prefix(20).map { "{\"url\":\(JSONText.quoted($0.name)),\"count\":\($0.count)}" }
        return text + ",\"top\":[\(top.joined(separator: ","))]}"
    }
}

/// Results of a simulation, as values, a table and JSON.
package struct SimulationReport: Sendable {
    package let requestCount: Int
    package let objectCount: Int
    /// Bytes of all objects; their number where all have unit size.
    package let footprintBytes: Int
    package let hasUnitSize: Bool
    /// By size, then by policy, in the order asked for.
    package let rows: [SimulationRow]

    /// A table of aligned columns, without a line end after the last line.
    package var text: String {
        let unit = hasUnitSize ? "objects" : "bytes"
        var lines = [
            "\(requestCount) requests for \(objectCount) objects, footprint \(footprintBytes) \(unit)",
            Self.line(["policy", "size", unit, "miss", "byte miss", "cost miss", "to Belady", "Mreq/s"]),
        ]
        for row in rows {
            lines.append(
                Self.line([
                    row.policy.rawValue, row.size.description, String(row.budgetBytes),
                    Self.fixed(row.objectMissRatio, digits: 4), Self.fixed(row.byteMissRatio, digits: 4),
                    Self.fixed(row.costMissRatio, digits: 4),
                    row.wayToBelady.map { Self.fixed($0 * 100, digits: 1) + " %" } ?? "",
                    Self.fixed(row.requestsPerSecond / 1_000_000, digits: 1),
                ])
            )
        }
        return lines.joined(separator: "\n")
    }

    /// One JSON object: the trace's figures and `rows`.
    package var json: String {
        let list = rows.map { row in
            "{\"policy\":\"\(row.policy.rawValue)\",\"size\":\"\(row.size)\",\"budget\":\(row.budgetBytes),"
                + "\"misses\":\(row.misses.requests),\"missed_bytes\":\(row.misses.bytes),"
                + "\"object_miss_ratio\":\(row.objectMissRatio),\"byte_miss_ratio\":\(row.byteMissRatio),"
                + "\"cost_miss_ratio\":\(row.costMissRatio),"
                + "\"way_to_belady\":\(row.wayToBelady.map { "\($0)" } ?? "null"),"
                + "\"requests_per_second\":\(Int(row.requestsPerSecond))}"
        }
        return "{\"requests\":\(requestCount),\"objects\":\(objectCount),\"footprint\":\(footprintBytes),"
            + "\"unit_size\":\(hasUnitSize),\"rows\":[\(list.joined(separator: ","))]}"
    }

    private static func line(_ cells: [String]) -> String {
        let widths = [10, 8, 13, 8, 10, 10, 10, 8]
        return zip(cells, widths).enumerated().map { index, cell in
            let gap = String(repeating: " ", count: max(1, cell.1 - cell.0.count))
            return index == 0 ? cell.0 + gap : gap + cell.0
        }.joined()
    }

    /// A number with a fixed number of decimals, rounded to the nearest.
    private static func fixed(_ number: Double, digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(number) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(number < 0 && scaled > 0 ? "-" : "")\(scaled / scale).\(zeros)\(fraction)"
    }
}

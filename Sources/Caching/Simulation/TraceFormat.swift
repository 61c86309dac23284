/// How the requests of a trace are written.
package enum TraceFormat: Hashable, Sendable {
    /// libCacheSim's binary records of 24 bytes, little-endian without gaps: u32 seconds, u64 id, u32 bytes, i64 index
    /// of the next request for the same id (not read).
    case oracleGeneral
    /// Lines of separated values.
    case csv(CSVLayout)
    /// Ids alone, 4 bytes each, big-endian.
    case bigEndian32
    /// Ids alone, 8 bytes each, big-endian.
    case bigEndian64

    /// By the names that `vitrine simulate --format` has; `nil` for others.
    package init?(name: String, layout: CSVLayout = CSVLayout()) {
        switch name {
        case "oracleGeneral": self = .oracleGeneral
        case "csv": self = .csv(layout)
        case "be32": self = .bigEndian32
        case "be64": self = .bigEndian64
        default: return nil
        }
    }

    package static let names = ["oracleGeneral", "csv", "be32", "be64"]

    /// By a file's name: `.csv` and `oracleGeneral` say themselves; `nil` for others.
    package init?(fileName: String, layout: CSVLayout = CSVLayout()) {
        let parts = fileName.split(separator: ".").map { $0.lowercased() }
        if parts.contains("oraclegeneral") {
            self = .oracleGeneral
        } else if parts.contains("csv") {
            self = .csv(layout)
        } else {
            return nil
        }
    }

    /// Whether the format says how large objects are.
    package var hasSizes: Bool {
        switch self {
        case .oracleGeneral, .csv: true
        case .bigEndian32, .bigEndian64: false
        }
    }
}

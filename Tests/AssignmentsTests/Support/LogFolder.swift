import Assignments
import FoundationEssentials
import VitrineTesting

/// The folder of a usage log, seen from outside.
struct LogFolder {
    private let folder: TemporaryFolder
    var path: String { folder.path(of: "usage") }

    init() throws { folder = try TemporaryFolder() }

    var settings: UsageLogSettings {
        var settings = UsageLogSettings(folder: path)
        settings.freeBytesMin = 0
        return settings
    }

    /// The names of the segments, oldest first.
    var segments: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".log") }.sorted()
        }
    }

    func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path + "/" + name))) }

    func write(_ bytes: [UInt8], to name: String) throws { try folder.write(bytes, to: "usage/" + name) }
}

extension LocalUsageLog {
    /// All events that can be read, page by page, and how many lines were damaged.
    func all(bytesMax: Int = 1) async throws -> (events: [UsageEvent], damagedLines: Int) {
        var events: [UsageEvent] = []
        var damaged = 0
        var position: UsagePosition?
        while true {
            let page = try await read(after: position, bytesMax: bytesMax)
            events += page.events
            damaged += page.damagedLines
            if page.next == position || (position == nil && page.next.segment == 0) { return (events, damaged) }
            position = page.next
        }
    }
}

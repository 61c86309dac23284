import Crypto
import DeliveryTypes
import FoundationEssentials
import Ledger

/// Writes exports as the warehouse does.
struct ExportWriter {
    /// A part before it is written.
    struct Part {
        var table: ExportTable
        var name: String
        /// Without the header.
        var lines: [String]

        var bytes: [UInt8] { Array(([table.header] + lines).map { $0 + "\n" }.joined().utf8) }
    }

    let folder: String

    /// Writes an export, with parts of at most `rowsMax` rows; the path of its folder.
    @discardableResult
    func write(
        _ number: Int64,
        daily: [DailyState],
        payouts: [PayoutState],
        rowsMax: Int = 7,
        isBaseline: Bool = false
    ) throws -> String {
        var parts: [Part] = []
        for (index, lines) in Self.cut(daily.map(\.line), rowsMax).enumerated() {
            parts.append(Part(table: .creatorDaily, name: "creator_daily-\(index + 1).csv", lines: lines))
        }
        for (index, lines) in Self.cut(payouts.map(\.line), rowsMax).enumerated() {
            parts.append(Part(table: .payouts, name: "payouts-\(index + 1).csv", lines: lines))
        }
        return try write(number, parts, isBaseline: isBaseline)
    }

    @discardableResult
    func write(_ number: Int64, _ parts: [Part], isBaseline: Bool = false) throws -> String {
        let digits = String(number)
        let name = String(repeating: "0", count: 20 - digits.count) + digits
        let path = "\(folder)/\(name)"
        let temporary = "\(folder)/tmp-\(name)"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        for part in parts { try Data(part.bytes).write(to: URL(filePath: "\(temporary)/\(part.name)")) }
        let manifest = Data(Self.manifest(number, parts, isBaseline: isBaseline))
        try manifest.write(to: URL(filePath: "\(temporary)/manifest.json"))
        try FileManager.default.moveItem(atPath: temporary, toPath: path)
        return path
    }

    static func manifest(_ number: Int64, _ parts: [Part], isBaseline: Bool = false) -> [UInt8] {
        let list = parts.map { part in
            let bytes = part.bytes
            let digest = ContentDigest(bytes: Array(SHA256.hash(data: bytes))).hex
            return #"{"table":"\#(part.table.rawValue)","file":"\#(part.name)","rows":\#(part.lines.count),"#
                + #""bytes":\#(bytes.count),"sha256":"\#(digest)"}"#
        }
        return Array(
            (#"{"version":1,"number":\#(number),"run":\#(number + 100),"#
                + (isBaseline ? #""baseline":true,"# : "") + #""parts":["#
                + list.joined(separator: ",") + "]}\n").utf8
        )
    }

    private static func cut(_ lines: [String], _ rowsMax: Int) -> [[String]] {
        stride(from: 0, to: lines.count, by: rowsMax).map { Array(lines[$0..<min($0 + rowsMax, lines.count)]) }
    }
}

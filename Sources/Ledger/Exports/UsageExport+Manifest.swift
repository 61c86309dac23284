import Crypto
import DeliveryTypes
import JSON

extension UsageExport {
    static let manifestName = "manifest.json"

    /// Reads the manifest of the export whose folder is named `number` and is at the path `folder`.
    ///
    /// - Throws: `damaged`.
    package init(manifest bytes: [UInt8], number: Int64, folder: String) throws(LedgerError) {
        func damaged(_ reason: String) -> LedgerError {
            .damaged(DamagedExport(number: number, file: Self.manifestName, reason: reason))
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser(limits: JSONLimits(bytesMax: ExportLimits.manifestBytes)).value(from: bytes)
        } catch {
            throw damaged("no JSON text: \(error)")
        }
        guard let version = Self.whole(value["version"]) else { throw damaged("it has no version") }
        guard version == 1 else { throw damaged("version \(version), and this program reads version 1") }
        guard let said = Self.whole(value["number"]), said == Int(number) else {
            throw damaged("its number is not the folder's")
        }
        guard let run = Self.whole(value["run"]) else { throw damaged("it has no run") }
        guard let elements = value["parts"]?.array, elements.count <= ExportLimits.parts else {
            throw damaged("it has no parts, or more than \(ExportLimits.parts)")
        }
        let isBaseline: Bool
        switch value["baseline"] {
        case nil: isBaseline = false
        case .bool(let flag)?: isBaseline = flag
        default: throw damaged("its baseline is neither true nor false")
        }
        var parts: [ExportPart] = []
        var names: Set<[UInt8]> = []
        for (index, element) in elements.enumerated() {
            guard let part = Self.part(element) else { throw damaged("part \(index) is not a part") }
            guard names.insert(Array(part.file.utf8)).inserted else { throw damaged("\(part.file) is named twice") }
            parts.append(part)
        }
        self.init(
            number: number,
            run: Int64(run),
            parts: parts,
            isBaseline: isBaseline,
            digest: ContentDigest(bytes: Array(SHA256.hash(data: bytes))),
            folder: folder
        )
    }

    private static func part(_ value: JSONValue) -> ExportPart? {
        guard let table = value["table"]?.string.flatMap({ ExportTable(rawValue: $0.text) }),
            let file = value["file"]?.string?.text, isName(file),
            let rows = whole(value["rows"]),
            let bytes = whole(value["bytes"]), bytes <= ExportLimits.partBytes,
            let sha256 = value["sha256"]?.string.flatMap({ ContentDigest(hex: $0.text) })
        else { return nil }
        return ExportPart(table: table, file: file, rows: rows, bytes: bytes, sha256: sha256)
    }

    /// A name that stays in its folder.
    private static func isName(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "."), text != manifestName else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// A whole number that is not negative and exact.
    private static func whole(_ value: JSONValue?) -> Int? {
        guard let double = value?.double, double >= 0, double <= Double(ExportLimits.number),
            double.rounded(.towardZero) == double
        else { return nil }
        return Int(double)
    }
}

import DeliveryTypes
import Publication
import Settings
import Synchronization

/// A release whose manifest is a list of records, and whose content is their bytes: what a feed sees of any release.
final class ToyRelease: ServableRelease {
    struct Contents: Sendable {
        var manifest: ContentDigest
        var essential: [RecordReference]
        var attachable: [RecordReference]
    }

    let contents: Contents
    let parts: [ContentDigest: [UInt8]]
    let attached = Mutex<Set<ContentDigest>>([])

    init(_ contents: Contents, _ parts: [ContentDigest: [UInt8]]) {
        self.contents = contents
        self.parts = parts
    }

    /// The essential records' bytes, one after the other.
    var text: String {
        String(decoding: contents.essential.flatMap { parts[$0.digest] ?? [] }, as: UTF8.self)
    }

    var outline: ContentDigest { contents.manifest }

    /// The manifest of these records, and what it is made of.
    static func compile(_ essential: [[UInt8]], attachable: [[UInt8]] = []) -> [SettingsRecord] {
        let parts = essential.map { SettingsRecord(.values, bytes: $0) }
        let later = attachable.map { SettingsRecord(.packed, bytes: $0) }
        var text = "toy\n"
        for part in parts { text += "values \(part.digest.hex) \(part.bytes.count)\n" }
        for part in later { text += "packed \(part.digest.hex) \(part.bytes.count)\n" }
        return parts + later + [SettingsRecord(.manifest, bytes: Array(text.utf8))]
    }

    static func contents(of manifest: SettingsRecord) throws(PublicationError) -> Contents {
        var contents = Contents(manifest: manifest.digest, essential: [], attachable: [])
        let lines = String(decoding: manifest.bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first == "toy" else { throw .damaged("manifest", reason: "no toy") }
        for line in lines.dropFirst() {
            let words = line.split(separator: " ")
            guard words.count == 3, let kind = SettingsRecord.Kind(rawValue: String(words[0])),
                let digest = ContentDigest(hex: words[1]), let count = Int(words[2])
            else { throw .damaged("manifest", reason: "\(line)") }
            let reference = RecordReference(kind: kind, digest: digest, byteCount: count)
            if kind == .packed { contents.attachable.append(reference) } else { contents.essential.append(reference) }
        }
        return contents
    }

    static func needed(for contents: Contents, having previous: ToyRelease?) -> [RecordReference] {
        contents.essential.filter { previous?.parts[$0.digest] == nil }
    }

    static func attachable(of contents: Contents) -> [RecordReference] { contents.attachable }

    static func kept(of contents: Contents) -> [RecordReference] { contents.essential + contents.attachable }

    static func load(
        _ contents: Contents,
        records: [SettingsRecord],
        reusing previous: ToyRelease?
    ) throws(PublicationError) -> ToyRelease {
        var parts: [ContentDigest: [UInt8]] = [:]
        for reference in contents.essential {
            parts[reference.digest] =
                records.first { $0.digest == reference.digest }?.bytes ?? previous?.parts[reference.digest]
            guard parts[reference.digest] != nil else { throw .damaged("release", reason: "a part is missing") }
        }
        guard parts.values.allSatisfy({ !$0.starts(with: "poison".utf8) }) else {
            throw .damaged("release", reason: "poison")
        }
        return ToyRelease(contents, parts)
    }

    func add(_ record: SettingsRecord) throws(PublicationError) {
        attached.withLock { _ = $0.insert(record.digest) }
    }

    func prepare() {}
}

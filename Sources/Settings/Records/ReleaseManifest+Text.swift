import DeliveryTypes
import JSON

extension ReleaseManifest {
    /// The version this code writes, and the highest it reads.
    static let format = 1
    /// A manifest is read up to this many bytes.
    package static let bytesMax = 4 << 20

    init(
        metadata: RecordReference,
        values: [RecordReference],
        partitions: [Partition],
        dictionary: RecordReference,
        packedZstd: RecordReference?,
        packedGzip: RecordReference?,
        source: RecordReference,
        counts: Counts
    ) {
        self.metadata = metadata
        self.values = values
        self.partitions = partitions
        self.dictionary = dictionary
        self.packedZstd = packedZstd
        self.packedGzip = packedGzip
        self.source = source
        self.counts = counts
        var root: JSONValue = [
            "format": .number(Self.format),
            "settings": .number(counts.settings), "rules": .number(counts.rules), "lines": .number(counts.lines),
            "metadata": Self.json(metadata),
            "values": .array(values.map(Self.json)),
            "partitions": .array(partitions.map(Self.json)),
            "dictionary": Self.json(dictionary),
        ]
        if case .object(var object) = root {
            object["packedZstd"] = packedZstd.map(Self.json)
            object["packedGzip"] = packedGzip.map(Self.json)
            object["source"] = Self.json(source)
            root = .object(object)
        }
        record = SettingsRecord(.manifest, bytes: root.stringified)
    }

    /// Reads a manifest.
    /// - Throws: `ReleaseError.damaged` or `.unknownFormat`.
    package init(_ record: SettingsRecord) throws(ReleaseError) {
        let limits = JSONLimits(bytesMax: Self.bytesMax, depthMax: 8)
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONParser(limits: limits).value(from: record.bytes)
        } catch {
            throw .damaged(.manifest, error.description)
        }
        let format = root["format"]?.wholeNumber ?? 0
        guard format >= 1 else { throw .damaged(.manifest, "no format") }
        guard format <= Self.format else { throw .unknownFormat(.manifest, format) }
        metadata = try Self.reference(root["metadata"], .metadata)
        dictionary = try Self.reference(root["dictionary"], .dictionary)
        source = try Self.reference(root["source"], .source)
        packedZstd = try root["packedZstd"].map { value throws(ReleaseError) in try Self.reference(value, .packed) }
        packedGzip = try root["packedGzip"].map { value throws(ReleaseError) in try Self.reference(value, .packed) }
        var values: [RecordReference] = []
        for value in root["values"]?.array ?? [] { values.append(try Self.reference(value, .values)) }
        self.values = values
        var partitions: [Partition] = []
        for value in root["partitions"]?.array ?? [] {
            let key = PartitionKey(platform: value["platform"]?.string, country: value["country"]?.string)
            partitions.append(Partition(key: key, record: try Self.reference(value, .partition)))
        }
        guard partitions.count <= ReleaseCompiler.partitionsMax else { throw .damaged(.manifest, "partitions") }
        self.partitions = partitions
        guard let settings = root["settings"]?.wholeNumber, let rules = root["rules"]?.wholeNumber,
            let lines = root["lines"]?.wholeNumber
        else { throw .damaged(.manifest, "counts") }
        counts = Counts(settings: settings, rules: rules, lines: lines)
        self.record = record
    }

    private static func json(_ reference: RecordReference) -> JSONValue {
        ["sha256": .text(reference.digest.hex), "bytes": .number(reference.byteCount)]
    }

    private static func json(_ partition: Partition) -> JSONValue {
        var object = JSONObject()
        object["platform"] = partition.key.platform.map { .string($0) }
        object["country"] = partition.key.country.map { .string($0) }
        object["sha256"] = .text(partition.record.digest.hex)
        object["bytes"] = .number(partition.record.byteCount)
        return .object(object)
    }

    private static func reference(
        _ value: JSONValue?,
        _ kind: SettingsRecord.Kind
    ) throws(ReleaseError) -> RecordReference {
        guard let text = value?["sha256"]?.string?.wellFormed, let digest = ContentDigest(hex: text),
            let byteCount = value?["bytes"]?.wholeNumber
        else { throw .damaged(.manifest, "the reference to the record of \(kind.rawValue)") }
        return RecordReference(kind: kind, digest: digest, byteCount: byteCount)
    }
}

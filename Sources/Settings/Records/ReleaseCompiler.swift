import DeliveryTypes
import JSON

/// Compiles an authored features document into the records of a release.
///
/// Costs about a second of CPU for 3,000 settings with 10 MB of values, most of it compressing the pieces: call it off
/// the event loops. Deterministic: equal text gives equal records.
package struct ReleaseCompiler: Sendable {
    /// Compressors for the pieces that are served when there is no time to compress.
    ///
    /// Each call gives a frame of its own that may follow another: a zstd frame (RFC 8878 §3.1), a gzip member
    /// (RFC 1952 §2.2).
    package struct Packing: Sendable {
        package let zstd: @Sendable ([UInt8]) -> [UInt8]
        package let gzip: @Sendable ([UInt8]) -> [UInt8]

        package init(
            zstd: @escaping @Sendable ([UInt8]) -> [UInt8],
            gzip: @escaping @Sendable ([UInt8]) -> [UInt8]
        ) {
            self.zstd = zstd
            self.gzip = gzip
        }
    }

    /// Most partitions a release has; beyond it the rarest countries go without.
    package static let partitionsMax = 256

    /// Issues that are told; errors go first.
    package static let issuesMax = 200

    private let packing: Packing?
    private let isValidating: Bool

    /// - Parameters:
    ///   - packing: `nil` leaves the packed records out.
    ///   - isValidating: whether a document with errors is refused. Without, everything that is JSON compiles: what is
    ///     wrong then shows when evaluated, as in the reference.
    package init(packing: Packing? = nil, isValidating: Bool = true) {
        self.packing = packing
        self.isValidating = isValidating
    }

    /// Compiles a text.
    ///
    /// - Parameter source: the authored text, UTF-8.
    /// - Returns: the records and the warnings.
    /// - Throws: `ReleaseError.invalid` with every error found.
    package func compile(_ source: [UInt8]) throws(ReleaseError) -> Release {
        let parsed = try Self.parse(source)
        let issues = isValidating ? Self.issues(parsed) : []
        if issues.contains(where: { $0.severity == .error }) { throw .invalid(issues) }
        let document = FeaturesDocument(authored: parsed.root)
        let builder = RecordBuilder(document, AuthoredValues(source, parsed))
        let metadata = builder.metadata
        let metadataRecord = metadata.record
        var records = [metadataRecord] + builder.values
        let byDigest = Dictionary(records.map { ($0.digest, $0) }) { first, _ in first }
        let table = try PieceTable(
            metadata,
            values: builder.values.map(\.reference),
            records: byDigest,
            reusing: nil
        )
        let plan = PartitionPlan(document.options, conditions: metadata.conditions, savedGroups: document.savedGroups)
        var partitions: [ReleaseManifest.Partition] = []
        for key in plan.keys {
            let partition = PartitionRecord(key, conditions: metadata.conditions, savedGroups: document.savedGroups)
            guard partition.outcomes.contains(where: { $0 != nil }) else { continue }
            records.append(partition.record)
            partitions.append(ReleaseManifest.Partition(key: key, record: partition.record.reference))
        }
        let dictionary = SettingsRecord(.dictionary, bytes: Self.defaultDocument(metadata, table))
        let packed = packing.map { packing in
            (zstd: PackedPieces.record(table, packing.zstd), gzip: PackedPieces.record(table, packing.gzip))
        }
        let sourceRecord = SettingsRecord(.source, bytes: source)
        records += [dictionary, sourceRecord]
        if let packed { records += [packed.zstd, packed.gzip] }
        let manifest = ReleaseManifest(
            metadata: metadataRecord.reference,
            values: builder.values.map(\.reference),
            partitions: partitions,
            dictionary: dictionary.reference,
            packedZstd: packed?.zstd.reference,
            packedGzip: packed?.gzip.reference,
            source: sourceRecord.reference,
            counts: ReleaseManifest.Counts(
                settings: metadata.shapes.count,
                rules: builder.ruleCount,
                lines: metadata.digests.count
            )
        )
        records.append(manifest.record)
        var seen: Set<ContentDigest> = []
        return Release(
            manifest: manifest,
            records: records.filter { seen.insert($0.digest).inserted },
            warnings: issues
        )
    }

    /// What is wrong with a text, without compiling it: errors first, then warnings, at most `issuesMax`.
    package func issues(in source: [UInt8]) -> [AuthoringIssue] {
        do throws(ReleaseError) {
            return Self.issues(try Self.parse(source))
        } catch {
            guard case .invalid(let issues) = error else { return [] }
            return issues
        }
    }

    private static func parse(_ source: [UInt8]) throws(ReleaseError) -> JSONDocument {
        do throws(JSONError) {
            return try JSONParser().document(from: source)
        } catch {
            throw .invalid([
                AuthoringIssue(
                    severity: .error,
                    feature: nil,
                    rule: nil,
                    field: nil,
                    message: "not a JSON text: \(error.description)."
                )
            ])
        }
    }

    private static func issues(_ parsed: JSONDocument) -> [AuthoringIssue] {
        // All of them: an error must not be hidden behind warnings.
        let all = Validation(limits: AuthoringLimits(issuesMax: .max)).issues(in: parsed)
        let sorted = all.filter { $0.severity == .error } + all.filter { $0.severity != .error }
        return Array(sorted.prefix(issuesMax))
    }

    /// What someone gets to whom no rule applies, templates as they are written.
    private static func defaultDocument(_ metadata: MetadataRecord, _ table: PieceTable) -> [UInt8] {
        var bytes = table.head
        let features = metadata.project["features"]?.object?.members ?? []
        var firstLine = 0
        var firstLines: [Int] = []
        for shape in metadata.shapes {
            firstLines.append(firstLine)
            firstLine += shape.lines
        }
        for setting in table.dynamic {
            var piece = table.nullPiece(setting)
            if let line = features[setting].value["defaultValue"]?.wholeNumber {
                piece = table.firstPieces[setting] + line - firstLines[setting]
            }
            bytes += table.pieces[piece].bytes(from: bytes.count == 1 ? 1 : 0)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

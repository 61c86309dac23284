package import DeliveryTypes
package import JSON
import Synchronization

/// A release ready to be served: rules as flat tables, values as text that is copied and never parsed.
///
/// Made once per publish, shared by every request, never changed but for what is attached later: the partitions'
/// metadata and the packed pieces, without which answers are the same.
package final class LoadedRelease: Sendable {
    /// Most partitions that get tables of their own: each costs as much memory as the general ones, and the processor's
    /// caches hold few.
    package static let viewsMax = 8
    /// Differences are remembered for this many older releases.
    private static let correspondencesMax = 64

    /// What comes after serving has begun.
    struct Attachments: Sendable {
        var partitions: [ContentDigest: PartitionRecord] = [:]
        var views: [ContentDigest: ReleaseView] = [:]
        var wanted: Set<ContentDigest> = []
        var packed: [PackedCoding: PackedPieces] = [:]
        /// For each setting of an older release its index here, −1 for none.
        var correspondences: [ContentDigest: [Int32]] = [:]
    }

    package let manifest: ReleaseManifest
    /// What deltas against this release need once it is no longer the current one.
    package let outline: ReleaseOutline
    /// The names of all settings, in authored order.
    package var names: [ExactString] { outline.names }
    package var digest: ContentDigest { manifest.digest }
    /// The general rules.
    package var tables: RuleTables { general.tables }

    let metadata: MetadataRecord
    let table: PieceTable
    let general: ReleaseView
    /// By piece.
    let templates: [UInt32: ValueTemplate]
    /// The dynamic settings that have placeholders, by their places among the dynamic ones.
    let templatePlaces: [Int]
    /// What placeholders ask for, each once.
    let placeholderPaths: [ExactString]
    /// The piece each dynamic setting has when no rule says otherwise.
    let defaults: [UInt32]
    /// What every answer's fingerprint begins with.
    let fingerprint: Fingerprint
    private let partitions: [PartitionKey: ContentDigest]
    private let positions: [ExactString: Int32]
    let attachments = Mutex(Attachments())

    /// - Parameters:
    ///   - manifest: the release's.
    ///   - records: at least those of `needed(for:having:)`; others are ignored.
    ///   - previous: the release served until now: what did not change is shared with it.
    /// - Throws: `ReleaseError.missing`, `.damaged` or `.unknownFormat`.
    package init(
        manifest: ReleaseManifest,
        records: [SettingsRecord],
        reusing previous: LoadedRelease? = nil
    ) throws(ReleaseError) {
        let byDigest = Dictionary(records.map { ($0.digest, $0) }) { first, _ in first }
        let isSameMetadata = previous?.manifest.metadata.digest == manifest.metadata.digest
        let metadata: MetadataRecord
        if isSameMetadata, let previous {
            metadata = previous.metadata
        } else {
            guard let record = byDigest[manifest.metadata.digest] else { throw .missing(manifest.metadata.digest) }
            metadata = try MetadataRecord(record)
        }
        let outline = ReleaseOutline(digest: manifest.digest, metadata)
        let table = try PieceTable(metadata, values: manifest.values, records: byDigest, reusing: previous?.table)
        let document = try metadata.document()
        if isSameMetadata, let previous {
            general = previous.general
        } else {
            general = try ReleaseView(document, outline: outline, table: table)
        }
        defaults = try outline.dynamic.map { setting throws(ReleaseError) in
            UInt32(try ReleaseView.piece(document.features[setting].defaultValue, setting, outline, table))
        }
        (templates, placeholderPaths) = Self.templates(outline, table)
        templatePlaces = outline.dynamic.indices.filter { outline.shapes[outline.dynamic[$0]].hasPlaceholders }
        var fingerprint = Fingerprint()
        fingerprint.combine(manifest.digest.bytes)
        self.fingerprint = fingerprint
        partitions = Dictionary(manifest.partitions.map { ($0.key, $0.record.digest) }) { first, _ in first }
        positions = Dictionary(outline.names.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        self.manifest = manifest
        self.outline = outline
        self.metadata = metadata
        self.table = table
        if let previous { adopt(previous) }
    }

    /// Loads what has just been compiled, with everything attached.
    package convenience init(_ release: Release) throws(ReleaseError) {
        try self.init(manifest: release.manifest, records: release.records)
        for record in release.records { try attach(record) }
    }

    /// The records to fetch before a release can be loaded: what `previous` does not have already.
    package static func needed(for manifest: ReleaseManifest, having previous: LoadedRelease?) -> [RecordReference] {
        guard let previous else { return manifest.essential }
        let isSameMetadata = previous.manifest.metadata.digest == manifest.metadata.digest
        // A segment is shared when the settings of its record are the same too, which only the metadata tells. Names
        // rarely change without any value: then `missing` says what else to fetch.
        let known = Set(previous.table.segments.map(\.digest))
        return manifest.essential.filter { reference in
            reference.kind == .metadata ? !isSameMetadata : !known.contains(reference.digest)
        }
    }

    /// The index of a setting in `names`; `nil` for an unknown one.
    package func position(of name: ExactString) -> Int? { positions[name].map(Int.init) }

    private static func templates(
        _ outline: ReleaseOutline,
        _ table: PieceTable
    ) -> (templates: [UInt32: ValueTemplate], paths: [ExactString]) {
        var templates: [UInt32: ValueTemplate] = [:]
        var paths: [ExactString] = []
        var indices: [String: Int] = [:]
        for setting in outline.dynamic where outline.shapes[setting].hasPlaceholders {
            for piece in table.firstPieces[setting]..<table.nullPiece(setting) {
                templates[UInt32(piece)] = ValueTemplate(table.value(piece, of: setting)) { name in
                    if let index = indices[name] { return index }
                    indices[name] = paths.count
                    paths.append(ExactString(name))
                    return paths.count - 1
                }
            }
        }
        return (templates, paths)
    }
}

extension LoadedRelease {
    /// Adds one of `manifest.attachable`; records that are not this release's are ignored.
    ///
    /// - Throws: `ReleaseError.damaged` or `.unknownFormat`; the release goes on without.
    package func attach(_ record: SettingsRecord) throws(ReleaseError) {
        if manifest.partitions.contains(where: { $0.record.digest == record.digest }) {
            let partition = try PartitionRecord(record)
            guard partition.outcomes.count == metadata.conditions.count else {
                throw .damaged(.partition, "conditions")
            }
            attachments.withLock { $0.partitions[record.digest] = partition }
        }
        for (coding, reference) in [(PackedCoding.zstd, manifest.packedZstd), (.gzip, manifest.packedGzip)]
        where reference?.digest == record.digest {
            let pieces = try PackedPieces(record, count: PackedPieces.count(table))
            attachments.withLock { $0.packed[coding] = pieces }
        }
    }

    /// What has been attached already need not be fetched again.
    package func isAttached(_ reference: RecordReference) -> Bool {
        attachments.withLock { attached in
            attached.partitions[reference.digest] != nil
                || attached.packed.values.contains { $0.digest == reference.digest }
        }
    }

    /// Builds the tables of the partitions that requests have asked for since the last call: some milliseconds each.
    ///
    /// Until then those requests get the same answers from the general tables, and for good once `viewsMax` partitions
    /// have tables. Call it beside the requests, as often as wanted.
    package func prepareWantedPartitions() {
        let wanted = attachments.withLock { attached in
            defer { attached.wanted = [] }
            let room = max(0, Self.viewsMax - attached.views.count)
            return attached.wanted.compactMap { digest in attached.partitions[digest].map { (digest, $0) } }.prefix(
                room
            )
        }
        for (digest, partition) in wanted {
            do throws(ReleaseError) {
                let document = try metadata.document(specialised: partition)
                let view = try ReleaseView(document, outline: outline, table: table)
                attachments.withLock { $0.views[digest] = view }
            } catch {
                // Its conditions were counted when it was attached and its lines are the general record's: nothing is
                // left to go wrong, and if something did, the general tables give the same answers.
                attachments.withLock { $0.partitions[digest] = nil }
            }
        }
    }

    /// The tables to evaluate a context with, and whose they are.
    func view(for context: EvaluationContext) -> (view: ReleaseView, partition: PartitionKey?) {
        // A variation forced by the URL or the caller counts whatever the condition says.
        guard !partitions.isEmpty, context.forcedVariations.isEmpty, !Self.hasQuery(context.url) else {
            return (general, nil)
        }
        let platform = context.attributes["platform"]?.string
        let country = context.attributes["country"]?.string
        for key in [
            PartitionKey(platform: platform, country: country), PartitionKey(platform: platform, country: nil),
            PartitionKey(platform: nil, country: country),
        ] where key.platform != nil || key.country != nil {
            guard let digest = partitions[key] else { continue }
            let view = attachments.withLock { attached in
                let view = attached.views[digest]
                if view == nil { attached.wanted.insert(digest) }
                return view
            }
            guard let view else { break }
            return (view, key)
        }
        return (general, nil)
    }

    private static func hasQuery(_ url: ExactString) -> Bool {
        guard !url.isEmpty else { return false }
        var hasQuery = false
        url.forEachUnit { if $0 == 0x3F { hasQuery = true } }
        return hasQuery
    }

    /// Takes over what was attached to the release before and is this one's too.
    private func adopt(_ previous: LoadedRelease) {
        let packed = [(PackedCoding.zstd, manifest.packedZstd), (.gzip, manifest.packedGzip)]
        let own = Set(manifest.partitions.map(\.record.digest))
        let isSameMetadata = previous.manifest.metadata.digest == manifest.metadata.digest
        let inherited = previous.attachments.withLock { attached in
            var inherited = Attachments()
            inherited.partitions = attached.partitions.filter { own.contains($0.key) }
            // Equal metadata, equal lines and pieces.
            if isSameMetadata { inherited.views = attached.views.filter { own.contains($0.key) } }
            inherited.wanted = Set(attached.views.keys).union(attached.wanted).intersection(own)
            for (coding, reference) in packed {
                if let pieces = attached.packed[coding], pieces.digest == reference?.digest {
                    inherited.packed[coding] = pieces
                }
            }
            return inherited
        }
        attachments.withLock { $0 = inherited }
    }

    /// For each setting of an older release its index here, −1 for none.
    func correspondence(_ older: ReleaseOutline) -> [Int32] {
        if let known = attachments.withLock({ $0.correspondences[older.digest] }) { return known }
        let indices = older.names.map { positions[$0] ?? -1 }
        attachments.withLock { attached in
            if attached.correspondences.count >= Self.correspondencesMax { attached.correspondences = [:] }
            attached.correspondences[older.digest] = indices
        }
        return indices
    }
}

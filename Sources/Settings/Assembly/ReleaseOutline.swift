package import DeliveryTypes
package import JSON

/// What is kept of a release that is no longer served: names, and a 64-bit digest per line.
///
/// Some 100 bytes per setting and 8 per line.
package final class ReleaseOutline: Sendable {
    /// The manifest's digest.
    package let digest: ContentDigest
    /// In authored order.
    package let names: [ExactString]
    let shapes: [SettingShape]
    let lineDigests: [UInt64]
    /// The line that each setting's lines begin with.
    let firstLines: [Int]
    /// The settings of which a state tells the choice, in authored order.
    let dynamic: [Int]

    /// The first 8 bytes of the manifest's digest: what state tokens name a release by.
    let shortName: UInt64

    /// - Parameters:
    ///   - manifest: the release's.
    ///   - metadata: the general metadata record of the release.
    /// - Throws: `ReleaseError.damaged` or `.unknownFormat`.
    package convenience init(manifest: ReleaseManifest, metadata: SettingsRecord) throws(ReleaseError) {
        guard metadata.digest == manifest.metadata.digest else { throw .missing(manifest.metadata.digest) }
        self.init(digest: manifest.digest, try MetadataRecord(metadata))
    }

    init(digest: ContentDigest, _ metadata: MetadataRecord) {
        self.digest = digest
        names = metadata.names
        shapes = metadata.shapes
        lineDigests = metadata.digests
        var firstLines: [Int] = []
        firstLines.reserveCapacity(shapes.count)
        var line = 0
        for shape in shapes {
            firstLines.append(line)
            line += shape.lines
        }
        self.firstLines = firstLines
        dynamic = shapes.indices.filter { metadata.shapes[$0].isDynamic }
        shortName = digest.bytes.prefix(8).reduce(0) { $0 &<< 8 | UInt64($1) }
    }

    /// The digest of what a setting had: `choice` is a line of it, or one more for `null`.
    func lineDigest(_ setting: Int, choice: Int) -> UInt64 {
        choice < shapes[setting].lines ? lineDigests[firstLines[setting] + choice] : LineDigest.null
    }
}

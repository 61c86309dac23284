import Compression
import HTTPSemantics
import HTTPTypes
import ObjectStorage
import Origin
import Publication
import ServiceLifecycle
import Settings

/// The origin's part of settings, wired by hand: publishing into the object store, and telling the nodes.
struct SettingsOrigin: Sendable {
    let source: StoreSource
    let admin: SettingsAdmin
    let peers: PeerSettingsRoutes

    init(store: any ObjectStore, poll: Duration, access: AccessPolicy, peer: SettingsPeer) {
        let source = StoreSource(store: store, pollInterval: poll)
        self.source = source
        let compressor = Compressor()
        let packing = ReleaseCompiler.Packing(
            zstd: { Self.packed($0, as: .zstd, compressor) },
            gzip: { Self.packed($0, as: .gzip, compressor) }
        )
        let publisher = SettingsPublisher(
            store: store,
            format: .settings(packing: packing),
            now: WallClockTime.milliseconds,
            random: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            },
            changed: { source.notify($0) }
        )
        admin = SettingsAdmin(publisher: publisher)
        peers = PeerSettingsRoutes(source: source) { request in
            peer.isPeer(request) || access.mayReadWithoutSecret(request)
        }
    }

    private static func packed(_ piece: [UInt8], as coding: ContentCoding, _ compressor: Compressor) -> [UInt8] {
        do throws(CompressionError) {
            return try compressor.compress(piece, as: coding, effort: .published)
        } catch {
            // Pieces are bounded by the publisher's limits, and there is no dictionary.
            preconditionFailure("a piece of \(piece.count) bytes cannot be compressed: \(error)")
        }
    }
}

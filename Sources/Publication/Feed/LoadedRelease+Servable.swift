import DeliveryTypes
package import Settings

extension LoadedRelease: ServableRelease {
    package typealias Contents = Settings.ReleaseManifest
    package typealias Outline = ReleaseOutline

    package static func contents(of manifest: SettingsRecord) throws(PublicationError) -> Contents {
        do throws(ReleaseError) {
            return try Settings.ReleaseManifest(manifest)
        } catch {
            throw damaged(error, "manifest \(manifest.digest.hex)")
        }
    }

    package static func attachable(of contents: Contents) -> [RecordReference] { contents.attachable }

    /// All but the authored text.
    package static func kept(of contents: Contents) -> [RecordReference] {
        contents.references.filter { $0.kind != .source }
    }

    package static func load(
        _ contents: Contents,
        records: [SettingsRecord],
        reusing previous: LoadedRelease?
    ) throws(PublicationError) -> LoadedRelease {
        do throws(ReleaseError) {
            return try LoadedRelease(manifest: contents, records: records, reusing: previous)
        } catch {
            throw damaged(error, "release \(contents.digest.hex)")
        }
    }

    package func add(_ record: SettingsRecord) throws(PublicationError) {
        do throws(ReleaseError) {
            try attach(record)
        } catch {
            throw Self.damaged(error, "record \(record.digest.hex)")
        }
    }

    package func prepare() { prepareWantedPartitions() }

    private static func damaged(_ error: ReleaseError, _ name: String) -> PublicationError {
        .damaged(name, reason: "\(error)")
    }
}

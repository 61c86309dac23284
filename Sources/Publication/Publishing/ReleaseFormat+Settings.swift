import DeliveryTypes
import JSON
package import Settings

extension ReleaseFormat {
    /// The format that nodes serve: `Settings` compiles the file and reads the manifest.
    ///
    /// `packing` compresses the packed records; `nil` leaves them out.
    package static func settings(packing: ReleaseCompiler.Packing?) -> ReleaseFormat {
        let compiler = ReleaseCompiler(packing: packing)
        return ReleaseFormat(
            compile: { (features: [UInt8]) throws(PublicationError) in
                let release: Release
                do throws(ReleaseError) {
                    release = try compiler.compile(features)
                } catch {
                    guard case .invalid(let issues) = error else {
                        throw .damaged("the compiled release", reason: "\(error)")
                    }
                    throw .invalidDocument(issues.map(PublicationIssue.init))
                }
                return CompiledRelease(
                    manifest: release.digest,
                    records: release.records.map { CompiledRelease.Record(digest: $0.digest, bytes: $0.bytes) },
                    warnings: release.warnings.map(PublicationIssue.init)
                )
            },
            references: { (bytes: [UInt8]) throws(PublicationError) in
                do throws(ReleaseError) {
                    let manifest = try ReleaseManifest(SettingsRecord(.manifest, bytes: bytes))
                    return References(source: manifest.source.digest, records: manifest.references.map(\.digest))
                } catch {
                    throw .damaged("a manifest", reason: "\(error)")
                }
            }
        )
    }
}

extension PublicationIssue {
    init(_ issue: AuthoringIssue) {
        self.init(
            severity: issue.severity == .error ? .error : .warning,
            feature: issue.feature?.text,
            rule: issue.rule,
            field: issue.field,
            message: issue.message
        )
    }
}

import DeliveryTypes
package import Publication

/// A release format for tests: the features file, a line that says how long it is, and a manifest of two digests.
///
/// A file that has the word `nonsense` in it has errors, one with `odd` a warning.
package enum LineFormat {
    package static let format = ReleaseFormat(
        compile: { (features: [UInt8]) throws(PublicationError) in
            let text = String(decoding: features, as: UTF8.self)
            if text.contains("nonsense") {
                throw .invalidDocument([
                    PublicationIssue(severity: .warning, feature: "a", message: "odd"),
                    PublicationIssue(severity: .error, feature: "checkout", rule: 2, field: "weights", message: "bad"),
                ])
            }
            let source = CompiledRelease.Record(features)
            let length = CompiledRelease.Record(Array("\(features.count)\n".utf8))
            let manifest = CompiledRelease.Record(Array("\(source.digest)\n\(length.digest)\n".utf8))
            let isOdd = text.contains("odd")
            return CompiledRelease(
                manifest: manifest.digest,
                records: [source, length, manifest],
                warnings: isOdd ? [PublicationIssue(severity: .warning, feature: "a", message: "is odd")] : []
            )
        },
        references: { (manifest: [UInt8]) throws(PublicationError) in
            let digests = String(decoding: manifest, as: UTF8.self).split(separator: "\n").compactMap {
                ContentDigest(hex: $0)
            }
            guard digests.count == 2 else { throw .damaged("the manifest", reason: "it has not two lines") }
            return ReleaseFormat.References(source: digests[0], records: digests)
        }
    )

    /// A features file with settings of these names and default values.
    package static func features(_ values: KeyValuePairs<String, String>) -> [UInt8] {
        let members = values.map { "\"\($0.key)\":{\"defaultValue\":\($0.value)}" }
        return Array("{\"features\":{\(members.joined(separator: ","))}}".utf8)
    }
}

/// Where originals are kept.
enum StoreLocation: Sendable, Equatable {
    case folder(String)
    case bucket(S3Location)

    struct S3Location: Sendable, Equatable {
        var bucket: String
        /// Without slashes at its ends; empty for none.
        var prefix: String
        var service: S3Service
    }

    init(reading reader: inout ParameterReader, dataFolder: String) {
        self = StoreLocation(reading: &reader, named: "store") ?? .folder(dataFolder + "/store")
    }

    /// What the setting of this name says; `nil` if it says nothing, or nothing that can be used.
    init?(reading reader: inout ParameterReader, named name: String) {
        guard let text = reader.text(name), !text.isEmpty else { return nil }
        if text.hasPrefix("file:") {
            let path = text.dropFirst(5)
            if path.isEmpty { reader.complain(name, "names no folder after file:") }
            self = .folder(String(path))
            return
        }
        guard text.hasPrefix("s3://") else {
            reader.complain(name, "is neither file:DIR nor s3://BUCKET/PREFIX")
            return nil
        }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1)
        guard let bucket = parts.first else {
            reader.complain(name, "names no bucket")
            return nil
        }
        guard let service = S3Service(reading: &reader) else {
            reader.complain(name, "needs s3-access-key and s3-secret-key")
            return nil
        }
        self = .bucket(
            S3Location(
                bucket: String(bucket),
                prefix: parts.count > 1 ? parts[1].split(separator: "/").joined(separator: "/") : "",
                service: service
            )
        )
    }
}

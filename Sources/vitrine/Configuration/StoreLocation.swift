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
        self = .folder(dataFolder + "/store")
        guard let text = reader.text("store"), !text.isEmpty else { return }
        if text.hasPrefix("file:") {
            let path = text.dropFirst(5)
            if path.isEmpty { reader.complain("store", "names no folder after file:") }
            self = .folder(String(path))
            return
        }
        guard text.hasPrefix("s3://") else {
            reader.complain("store", "is neither file:DIR nor s3://BUCKET/PREFIX")
            return
        }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1)
        guard let bucket = parts.first else {
            reader.complain("store", "names no bucket")
            return
        }
        guard let service = S3Service(reading: &reader) else {
            reader.complain("store", "needs s3-access-key and s3-secret-key")
            return
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

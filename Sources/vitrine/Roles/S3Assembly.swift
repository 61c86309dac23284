import ObjectStorage

enum S3Assembly {
    static func store(_ location: StoreLocation.S3Location) throws -> any ObjectStore {
        throw ConfigurationError(problems: ["s3 is not wired yet"])
    }
}

package import DeliveryTypes

/// How features files become records and how a manifest is read: what publication has to know of a release's insides.
package struct ReleaseFormat: Sendable {
    /// Checks and compiles the bytes of a features file.
    ///
    /// Deterministic; takes up to seconds of CPU.
    ///
    /// - Throws: `invalidDocument` with every error and warning.
    package typealias Compiling = @Sendable (_ features: [UInt8]) throws(PublicationError) -> CompiledRelease

    /// What a manifest names.
    ///
    /// - Throws: `damaged` if the bytes are no manifest.
    package typealias Reading = @Sendable (_ manifest: [UInt8]) throws(PublicationError) -> References

    package struct References: Sendable {
        /// The features file as it was published.
        package var source: ContentDigest
        /// Every record of the release but the manifest itself, the source among them.
        package var records: [ContentDigest]

        package init(source: ContentDigest, records: [ContentDigest]) {
            self.source = source
            self.records = records
        }
    }

    package var compile: Compiling
    package var references: Reading

    package init(compile: @escaping Compiling, references: @escaping Reading) {
        self.compile = compile
        self.references = references
    }
}

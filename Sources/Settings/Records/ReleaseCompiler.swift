/// Compiles an authored features document into the records of a release.
///
/// Costs about a second of CPU for 3,000 settings with 10 MB of values, most of it compressing the pieces: call it off
/// the event loops. Deterministic: equal text gives equal records.
package struct ReleaseCompiler: Sendable {
    /// Compressors for the pieces that are served when there is no time to compress.
    ///
    /// Each call gives a frame of its own that may follow another: a zstd frame (RFC 8878 §3.1), a gzip member
    /// (RFC 1952 §2.2).
    package struct Packing: Sendable {
        package let zstd: @Sendable ([UInt8]) -> [UInt8]
        package let gzip: @Sendable ([UInt8]) -> [UInt8]

        package init(
            zstd: @escaping @Sendable ([UInt8]) -> [UInt8],
            gzip: @escaping @Sendable ([UInt8]) -> [UInt8]
        ) {
            self.zstd = zstd
            self.gzip = gzip
        }
    }

    /// Most partitions a release has; beyond it the rarest countries go without.
    package static let partitionsMax = 256

    private let packing: Packing?

    /// - Parameter packing: `nil` leaves the packed records out.
    package init(packing: Packing? = nil) {
        self.packing = packing
    }

    /// - Parameter source: the authored text, UTF-8.
    /// - Throws: `ReleaseError.invalid` with every error found.
    package func compile(_ source: [UInt8]) throws(ReleaseError) -> Release {
        fatalError()
    }
}

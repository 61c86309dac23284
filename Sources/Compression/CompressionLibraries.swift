import CBrotli
import CDeflate
import CZstd

/// The libraries that are linked, for `doctor` and for release notes.
package enum CompressionLibraries {
    /// Name and version of each; of libdeflate the version it was built with, for it does not tell its own.
    package static var versions: [(name: String, version: String)] {
        let brotli = BrotliEncoderVersion()
        let zstd = ZSTD_versionNumber()
        return [
            ("libbrotli", "\(brotli >> 24).\(brotli >> 12 & 0xFFF).\(brotli & 0xFFF)"),
            ("libdeflate", "\(LIBDEFLATE_VERSION_MAJOR).\(LIBDEFLATE_VERSION_MINOR)"),
            ("libzstd", "\(zstd / 10_000).\(zstd / 100 % 100).\(zstd % 100)"),
        ]
    }
}

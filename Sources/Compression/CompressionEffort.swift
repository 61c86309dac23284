/// How much time compression may take.
///
/// Sizes and times are those of the benchmark's settings document, 1.49 MB.
package enum CompressionEffort: Hashable, Sendable {
    /// While somebody waits: gzip 393 KB in 5.5 ms, br 389 KB in 6.2, zstd 381 KB in 4.0.
    case live
    /// Once, for what many will fetch: gzip 355 KB in 33 ms, br 330 KB in 73, zstd 340 KB in 35. Higher levels save
    /// some 10 % more and take ten times as long, which a publisher of 10 MB would wait for.
    case published

    /// libdeflate's levels go from 1 to 12.
    var gzipLevel: Int32 { self == .live ? 1 : 6 }
    /// Brotli's qualities go from 0 to 11.
    var brotliQuality: Int32 { self == .live ? 1 : 7 }
    /// Zstandard's levels go from 1 to 22; from 20 on, windows get larger than receivers must take (RFC 9659).
    var zstdLevel: Int32 { self == .live ? 1 : 9 }
}

/// The content codings whose frames may be concatenated, so that a document can be put together from them.
package enum PackedCoding: String, Sendable, CaseIterable {
    case zstd
    case gzip
}

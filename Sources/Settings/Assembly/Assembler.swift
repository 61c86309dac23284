/// Makes the bytes of documents by copying pieces of text: one pass, nothing is parsed or serialised.
///
/// The document is one JSON object: settings without rules first, then the others, both in authored order, every
/// setting once. A setting without a value is `null`.
package struct Assembler: Sendable {
    package init(_ evaluated: Evaluated)

    /// The document's exact length in bytes.
    package var byteCount: Int

    /// Appends the document.
    ///
    /// For NIO: `buffer.writeWithOutputRawSpan(minimumWritableBytes: assembler.byteCount) { assembler.write(to: &$0) }`.
    /// - Precondition: `output` has room for `byteCount` bytes.
    package func write(to output: inout OutputRawSpan)

    /// The document as an array.
    package func bytes() -> [UInt8]

    /// The document in pieces that were compressed at publish time: a body for `Content-Encoding: zstd` or `gzip`,
    /// larger than one compressed now, for next to no CPU.
    ///
    /// `nil` when the record is not attached, or a value must be made for this request alone (placeholders, forced).
    package func packed(_ coding: PackedCoding) -> [UInt8]?

    /// What differs from what the client holds; `nil` when its token is of a release nobody remembers.
    /// - Parameter older: outlines of releases before this one.
    package func delta(since token: StateToken, older: [ReleaseOutline]) -> Delta?
}

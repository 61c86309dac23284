/// Encoded bytes that rasters read from: borrowed for the time of one job, or owned.
///
/// Lazy rasters keep the object alive. Borrowed memory belongs to the caller of `ImagingEngine.perform`, who keeps it
/// in place until that call returns; no raster survives the call.
@safe final class SourceBytes {
    private let buffer: UnsafeRawBufferPointer
    private let isOwned: Bool

    init(borrowing bytes: UnsafeRawBufferPointer) {
        // SAFETY: see above; nothing is read after the job.
        unsafe buffer = bytes
        isOwned = false
    }

    init(copying bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        // SAFETY: the copy has exactly this size and is freed in deinit only.
        unsafe copy.copyBytes(from: bytes)
        unsafe buffer = UnsafeRawBufferPointer(copy)
        isOwned = true
    }

    deinit {
        // SAFETY: allocated in init, and no raster is left that reads it.
        if isOwned { unsafe buffer.deallocate() }
    }

    // SAFETY: only the count is taken.
    var count: Int { unsafe buffer.count }

    /// The bytes, for code that keeps its bounds.
    func withSpan<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: the buffer lives as long as self, and a span cannot leave `body`.
        let bytes = unsafe buffer.assumingMemoryBound(to: UInt8.self).span
        return try body(bytes)
    }

    /// The bytes, for libvips.
    func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: the buffer lives as long as self; `body` does not keep it (lazy rasters keep self).
        try unsafe body(buffer)
    }
}

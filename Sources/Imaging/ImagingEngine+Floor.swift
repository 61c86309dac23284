import CVips
package import DeliveryTypes

extension ImagingEngine {
    /// What a bare program around libvips would do, for benchmarks to compare with.
    package struct FloorJob: Sendable {
        package var width: Int
        /// 0 follows the ratio.
        package var height: Int
        /// Crops to width × height around what draws the eye.
        package var isSmart: Bool
        package var format: ImageFormat
        package var quality: Int
        /// Of AVIF only.
        package var effort: Int

        package init(
            width: Int,
            height: Int = 0,
            isSmart: Bool = false,
            format: ImageFormat,
            quality: Int,
            effort: Int = 1
        ) {
            self.width = width
            self.height = height
            self.isSmart = isSmart
            self.format = format
            self.quality = quality
            self.effort = effort
        }
    }

    /// Runs `vips_thumbnail_buffer` and a save of libvips, without limits or checks.
    ///
    /// - Returns: the size of the encoded result in bytes.
    package static func runFloor(_ job: FloorJob, source: [UInt8]) throws(RenderFailure) -> Int {
        guard let format = job.format.shim else { throw RenderFailure(.unsuitableTransformation, "not written") }
        var fault = vt_fault()
        var encoded = 0
        // SAFETY: the source is read during the call only.
        let status = unsafe source.withUnsafeBytes { bytes in
            unsafe vt_floor(
                bytes.baseAddress,
                bytes.count,
                Int32(clamping: job.width),
                Int32(clamping: job.height),
                job.isSmart ? 1 : 0,
                format,
                Int32(clamping: job.quality),
                Int32(clamping: job.effort),
                &encoded,
                &fault
            )
        }
        guard status == 0 else { throw RenderFailure(fault, readingSource: true) }
        return encoded
    }
}

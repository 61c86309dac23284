import CVips
import DeliveryTypes

/// A picture inside libvips: a recipe for pixels that is carried out when they are asked for, or pixels in memory.
///
/// Every verb gives a new raster that refers to the old one, so rasters may be dropped at once. A raster frees its part
/// when it goes out of scope. Verbs are cheap until pixels flow: in `materialized`, `pixels`, `encoded`, `trimBox`.
///
/// What fails while pixels are still read from the source is the source's fault (`corruptSource`); what fails on pixels
/// in memory is ours (`workerFault`).
@safe struct Raster: ~Copyable {
    /// What a step of the shim looks like: an image in, a new image or a fault out, 0 for success.
    typealias Step = (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<vt_fault>) -> Int32

    private let image: OpaquePointer
    /// The encoded bytes that this raster still reads; `nil` when its pixels are in memory.
    private let source: SourceBytes?

    /// Takes over one reference to an image of the shim.
    init(owning image: OpaquePointer, reading source: SourceBytes?) {
        // SAFETY: the reference is given back exactly once, in deinit.
        unsafe self.image = image
        self.source = source
    }

    deinit {
        // SAFETY: the raster owns one reference.
        unsafe vt_release(image)
    }

    /// Whether pixels still come out of the source, top to bottom and once.
    var isLazy: Bool { source != nil }

    var header: vt_header {
        var header = vt_header()
        // SAFETY: both live for the time of the call.
        unsafe vt_read_header(image, &header)
        return header
    }

    var size: PixelSize {
        let header = header
        return PixelSize(width: Int(header.width), height: Int(header.height))
    }

    /// How many frames are stacked.
    var frames: Int {
        let header = header
        return Int(header.height / max(1, header.page_height))
    }

    var hasAlpha: Bool { header.has_alpha != 0 }

    /// The result of one step.
    func applying(_ step: Step) throws(RenderFailure) -> Raster {
        var fault = vt_fault()
        var out: OpaquePointer?
        // SAFETY: the image lives as long as self; the step keeps references of its own.
        let status = unsafe step(image, &out, &fault)
        guard status == 0, let out = unsafe out else { throw failure(fault) }
        // SAFETY: the step handed over one reference.
        return unsafe Raster(owning: out, reading: source)
    }

    /// Pixels in memory, which may be read in any order and any number of times.
    func materialized() throws(RenderFailure) -> Raster {
        var fault = vt_fault()
        var out: OpaquePointer?
        // SAFETY: the image lives as long as self; the copy is independent of the source.
        let status = unsafe vt_materialise(image, &out, &fault)
        guard status == 0, let out = unsafe out else { throw failure(fault) }
        // SAFETY: one reference was handed over.
        return unsafe Raster(owning: out, reading: nil)
    }

    /// Gives the image to a reading call of the shim.
    func reading<Result>(
        _ body: (OpaquePointer, UnsafeMutablePointer<vt_fault>) -> (status: Int32, Result)
    ) throws(RenderFailure) -> Result {
        var fault = vt_fault()
        // SAFETY: the image lives as long as self; `body` keeps nothing.
        let (status, result) = unsafe body(image, &fault)
        guard status == 0 else { throw failure(fault) }
        return result
    }

    private func failure(_ fault: vt_fault) -> RenderFailure { RenderFailure(fault, readingSource: source != nil) }
}

import CVips
import DeliveryTypes

/// The finished frames of an animation, collected one by one.
@safe final class FrameStack {
    // SAFETY: an empty list.
    private var images: [OpaquePointer?] = unsafe []

    deinit {
        // SAFETY: the stack holds one reference to each.
        for index in unsafe images.indices { unsafe vt_release(images[index]) }
    }

    /// Adds a frame in memory, of the same size as the others.
    func append(_ frame: borrowing Raster) throws(RenderFailure) {
        // SAFETY: takes a reference of its own to an image that is alive.
        let image = try unsafe frame.reading { image, _ in unsafe (0, vt_retain(image)) }
        unsafe images.append(image)
    }

    /// All frames on top of each other, marked as an animation.
    func joined(_ animation: Animation) throws(RenderFailure) -> Raster {
        // SAFETY: only the count is taken.
        let count = unsafe images.count
        precondition(count > 0 && animation.delays.count == count, "every frame has its delay")
        var fault = vt_fault()
        var out: OpaquePointer?
        // SAFETY: the images are alive during the call, and the result refers to them by itself.
        let status = unsafe vt_join_frames(&images, Int32(count), animation.delays, animation.loop, &out, &fault)
        guard status == 0, let out = unsafe out else { throw RenderFailure(fault, readingSource: false) }
        // SAFETY: one reference was handed over.
        return unsafe Raster(owning: out, reading: nil)
    }
}

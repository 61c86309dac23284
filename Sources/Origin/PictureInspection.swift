package import DeliveryTypes
package import Originals
package import Rendering

/// What a staged upload is, asked of a render worker: the only place where its bytes are looked at.
package struct PictureInspection: Sendable {
    private let pool: RenderPool
    private let limits: RenderLimits

    package init(pool: RenderPool, limits: RenderLimits) {
        self.pool = pool
        self.limits = limits
    }

    /// - Throws: `RenderingError`, with `.failed` for what is not a whole picture within the limits.
    package func facts(of picture: StagedPicture, tenant: TenantID) async throws -> PictureFacts {
        var limits = limits
        // An upload has its own limit of bytes, checked while it arrived.
        limits.sourceBytesMax = max(limits.sourceBytesMax, picture.size)
        var request = InformationRequest()
        // Needs pixels, so the whole file is read: a picture that ends early is found here and not by a viewer.
        request.dominantColor = true
        let job = RenderJob(task: .information(request), limits: limits)
        let bytes = try SharedBytes(openingFile: picture.path)
        return try await pool.run(job, sources: [bytes], tenant: tenant).head.source
    }
}

import DeliveryTypes

/// Decides which metadata a rendition carries.
struct Finishing {
    let transformation: Transformation
    let defaults: RenderDefaults

    /// Whether everything goes but what is listed as kept.
    var strips: Bool { transformation.stripMetadata ?? defaults.stripMetadata }

    /// Whether pixels stay in the space of their profile, which is then kept.
    var keepsProfile: Bool { !(transformation.stripColorProfile ?? defaults.stripColorProfile) }

    /// Whether anything is stripped but what speaks of rights.
    var keepsRights: Bool { strips && keepsCopyright }

    private var keepsCopyright: Bool { transformation.keepCopyright ?? defaults.keepCopyright }

    /// What is kept of a picture's metadata when the rest is stripped.
    func rights(of picture: borrowing Raster) -> Rights {
        keepsRights ? Rights(of: picture) : .none
    }

    func applied(
        to picture: consuming Raster,
        _ rights: Rights,
        isAnimated: Bool
    ) throws(RenderFailure) -> Raster {
        guard strips else {
            return transformation.autoRotate ? try picture.forgettingOrientation() : picture
        }
        var finished = try picture.stripped(
            keepingCopyright: rights.exif != nil,
            profile: keepsProfile,
            animation: isAnimated
        )
        if let exif = rights.exif { finished = try finished.withEXIF(Array("Exif\0\0".utf8) + exif) }
        if let xmp = rights.xmp { finished = try finished.withXMP(xmp) }
        return finished
    }
}
